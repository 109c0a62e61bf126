// A plug-in that turns texts round, and on some of them never comes back.
use interfaces::plugins::{Filter, FilterServer};
use tessera::object::Error;

struct Spin;

impl FilterServer for Spin {
    fn apply(&self, text: &[u8], result: &mut [u8]) -> Result<usize, Error> {
        while text.starts_with(b"for ever") {
            std::hint::spin_loop();
        }
        let mut length = 0;
        for (to, from) in result.iter_mut().zip(text.iter().rev()) {
            *to = *from;
            length += 1;
        }
        Ok(length)
    }
}

fn main() {
    Filter::serve_granted(Box::new(Spin));
}
