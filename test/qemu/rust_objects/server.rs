// Serves an interface that extends another one, with objects that it makes.
use interfaces::things::{Named, NamedServer, Tally, TallyServer};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tessera::object::Error;

const TOO_SMALL: i32 = 13;

struct Count {
    name: Vec<u8>,
    sum: AtomicU64,
}

fn count(name: &[u8]) -> Box<Count> {
    Box::new(Count { name: name.to_vec(), sum: AtomicU64::new(0) })
}

impl NamedServer for Count {
    fn name(&self, name: &mut [u8]) -> Result<usize, Error> {
        let length = self.name.len();
        name.get_mut(..length).ok_or(Error { status: TOO_SMALL, needed: length })?.copy_from_slice(&self.name);
        Ok(length)
    }
}

impl TallyServer for Count {
    fn add(&self, count: u64) -> Result<u64, Error> {
        Ok(self.sum.fetch_add(count, Relaxed) + count)
    }
    fn child(&self, name: &[u8]) -> Result<Tally, Error> {
        Ok(Tally::serve(count(name)))
    }
    fn handle_(&self, other: Named, name: &mut [u8]) -> Result<usize, Error> {
        Ok(other.name(name)?.len())
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        println!("{} is gone at {}", String::from_utf8_lossy(&self.name), self.sum.load(Relaxed));
    }
}

fn main() {
    Tally::serve_granted(count(b"first"));
}
