// A switch on 128 bits.
use std::hint::black_box as b;
fn f(x: u128) -> u32 {
    match x {
        0x1_0000_0000_0000_0000 => 7,
        0x2_0000_0000_0000_0001 => 19,
        5 => 11,
        u128::MAX => 4,
        0xdeadbeefdeadbeefdeadbeefdeadbeef => 23,
        _ => 0,
    }
}
fn main() {
    println!("{} {} {}", f(b(5)), f(b(u128::MAX)), f(b(1 << 64)));
}
