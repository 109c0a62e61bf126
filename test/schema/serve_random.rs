// An object that Rust serves, called by Rust: what lies between in a program (C, the kernel) is a loop here. Ends with 0 if all is well.
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tessera::object::Error;

#[path = "random.tessera.rs"]
mod random;
use random::{Random, RandomServer};

static STATE: AtomicUsize = AtomicUsize::new(0);
static DROPPED: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    fn tessera_random_bytes_served(state: usize, count: u32, data: *mut u8, room: usize, length: *mut usize) -> i32;
    fn tessera_random_number_served(state: usize, value: *mut u64) -> i32;
    fn tessera_random_released_served(state: usize);
}
#[unsafe(no_mangle)]
extern "C" fn tessera_random_mint_shim(state: usize) -> u32 {
    STATE.store(state, SeqCst);
    7
}
#[unsafe(no_mangle)]
extern "C" fn tessera_random_serve_shim() {}
#[unsafe(no_mangle)]
extern "C" fn tessera_handle_release_shim(handle: u32) {
    assert_eq!(handle, 7);
    unsafe { tessera_random_released_served(STATE.load(SeqCst)) }
}
#[unsafe(no_mangle)]
extern "C" fn tessera_random_bytes_shim(_: u32, count: u32, data: *mut u8, room: usize, length: *mut usize) -> i32 {
    unsafe { tessera_random_bytes_served(STATE.load(SeqCst), count, data, room, length) }
}
#[unsafe(no_mangle)]
extern "C" fn tessera_random_number_shim(_: u32, value: *mut u64) -> i32 {
    unsafe { tessera_random_number_served(STATE.load(SeqCst), value) }
}

struct Same(u8);
impl RandomServer for Same {
    fn bytes(&self, count: u32, data: &mut [u8]) -> Result<usize, Error> {
        let count = count as usize;
        if count > data.len() {
            return Err(Error { status: 13, needed: count });
        }
        data[..count].fill(self.0);
        Ok(count)
    }
    fn number(&self) -> Result<u64, Error> {
        Ok(u64::from(self.0))
    }
}
impl Drop for Same {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, SeqCst);
    }
}

fn main() {
    let random = Random::serve(Box::new(Same(4)));
    let mut room = [0u8; 10];
    assert_eq!(random.bytes(3, &mut room).unwrap(), [4, 4, 4]);
    assert_eq!(random.bytes(11, &mut room), Err(Error { status: 13, needed: 11 }));
    assert_eq!(random.number(), Ok(4));
    assert_eq!(DROPPED.load(SeqCst), 0);
    drop(random);
    assert_eq!(DROPPED.load(SeqCst), 1);
}
