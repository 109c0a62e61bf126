//! Objects of any interface: handles that release themselves. Methods are in the modules made from schemas.
#![allow(unsafe_code)] // a call of C, and memory that C lends

unsafe extern "C" {
    fn tessera_handle_release_shim(handle: u32);
    fn tessera_domain_arguments_shim() -> u32;
}

/// What a call says that did not succeed: a number of `Status`, and for `tooSmall` the room that was needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Error {
    pub status: i32,
    pub needed: usize,
}

impl Error {
    pub const UNSUPPORTED: Error = Error { status: 1, needed: 0 };
    pub const WRONG_INTERFACE: Error = Error { status: 3, needed: 0 };
}

/// For generated code: memory that C lends for a call.
///
/// # Safety
/// `at` leads to `length` bytes that nobody writes meanwhile.
pub unsafe fn bytes<'a>(at: *const u8, length: usize) -> &'a [u8] {
    // SAFETY: as said.
    unsafe { core::slice::from_raw_parts(at, length) }
}
/// # Safety
/// `at` leads to `length` bytes that are the caller's alone.
pub unsafe fn room<'a>(at: *mut u8, length: usize) -> &'a mut [u8] {
    // SAFETY: as said.
    unsafe { core::slice::from_raw_parts_mut(at, length) }
}

/// For generated code: what an object's state leads to, before the implementation itself.
#[repr(C)]
pub struct Served {
    /// A reference to the implementation as that interface's trait, if it is one.
    pub part: unsafe fn(*const Served, u64) -> Option<[usize; 2]>,
    /// The last use of it.
    pub release: unsafe fn(*mut Served),
}

/// A capability. 0 is none.
pub struct Object(u32);

impl Object {
    /// Owned from now on.
    pub fn from_handle(handle: u32) -> Object {
        Object(handle)
    }
    pub fn handle(&self) -> u32 {
        self.0
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if self.0 != 0 {
            // SAFETY: the kernel checks the handle, whatever it is.
            unsafe { tessera_handle_release_shim(self.0) }
        }
    }
}

/// What each interface's type is, by its schema.
pub trait Interface: Sized {
    const ID: u64;
    fn from_object(object: Object) -> Self;
}

/// What the program was started with: an object of the interface Arguments.
pub fn arguments() -> Object {
    // SAFETY: a call without parameters; the handle is a new one.
    Object::from_handle(unsafe { tessera_domain_arguments_shim() })
}
