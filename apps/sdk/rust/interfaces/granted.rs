// A part of the crate `interfaces`, which the tool makes for a program from its schemas.
use crate::arguments::Arguments;
use tessera::object::{Interface, arguments};

/// The first object of that interface that the program was granted.
pub fn granted<T: Interface>() -> Option<T> {
    let arguments = Arguments(arguments());
    for index in 0..arguments.grants().unwrap_or(0) {
        if let Ok((id, object)) = arguments.grant(index) {
            if id == T::ID {
                return Some(T::from_object(object));
            }
        }
    }
    None
}
