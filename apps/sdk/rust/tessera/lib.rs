//! What modules made from schemas by capnpc-tessera stand on. docs/notes/schema.md has the whole picture.
#![no_std]
#![deny(unsafe_code)]

pub mod builder;
pub mod message;
pub mod object;
