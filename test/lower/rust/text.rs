// Strings, formatting, parsing, numbers.
use std::borrow::Cow;
use std::fmt::{self, Write as _};

struct Matrix([[f64; 2]; 2]);
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            writeln!(f, "[{:>8.3} {:<8.3}]", row[0], row[1])?;
        }
        Ok(())
    }
}

fn clean(text: &str) -> Cow<'_, str> {
    if text.contains(' ') { Cow::Owned(text.replace(' ', "_")) } else { Cow::Borrowed(text) }
}

#[derive(Debug)]
#[allow(dead_code)]
enum Problem {
    Number(std::num::ParseIntError),
    Empty,
}
impl From<std::num::ParseIntError> for Problem {
    fn from(e: std::num::ParseIntError) -> Self {
        Problem::Number(e)
    }
}
fn total(text: &str) -> Result<i64, Problem> {
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    let mut sum = 0i64;
    for part in text.split(',') {
        sum += part.trim().parse::<i64>()?;
    }
    Ok(sum)
}

fn main() {
    println!("{:5}|{:<5}|{:^5}|{:>5}|{:05}|{:+}|{:#x}|{:#010b}|{:e}", 42, 42, 42, 42, 42, 42, 255, 5, 1234.5);
    println!("{0:?} {1:?} {0}", "quote\"\n\u{1f980}", 'x');
    println!("{:?} {:?} {:?}", f64::NAN, -0.0, f64::INFINITY);
    for x in [0.1, 1.0 / 3.0, 1e300, 1e-300, 123456789.0, 5e-324, 0.1 + 0.2] {
        println!("{x} {x:?} {x:.3} {x:e} {:.1}", x as f32);
    }
    print!("{}", Matrix([[1.0, -2.5], [1e3, 0.0005]]));
    let mut out = String::new();
    write!(out, "{:>w$.p$}|{:*^9}|", 3.14159, "mid", w = 10, p = 2).unwrap();
    println!("{out}");
    println!("{} {}", clean("a b c"), clean("abc"));
    println!("{:?} {:?} {:?}", total("1, 2,39"), total(""), total("1,x"));
    println!("{:?} {:?} {:?}", "3.25e2".parse::<f64>(), "inf".parse::<f32>(), "1.2.3".parse::<f64>().is_err());
    println!("{:?}", "Grüße, Jürgen ❤".char_indices().filter(|(_, c)| !c.is_ascii()).collect::<Vec<_>>());
    println!("{} {}", "ǅ straße".to_uppercase(), "ΑΣ ÀÉ".to_lowercase());
    println!("{:?}", "a=1;b=2;;c".split(';').map(|kv| kv.split_once('=')).collect::<Vec<_>>());
    println!("{:?} {:?}", String::from_utf8(vec![0xff, 0x41]), String::from_utf8_lossy(&[0xe2, 0x82, 0xac, 0xff]));
    println!("{:?} {:?}", "needle in a haystack with a needle".rfind("needle"), "abcabc".matches("bc").count());
    let long = "lorem ipsum ".repeat(1000);
    println!("{} {:?} {}", long.len(), long.find("sum l"), long.bytes().filter(|b| *b == b'm').count());

    let big: u128 = 0x0123_4567_89ab_cdef_0011_2233_4455_6677;
    println!("{big} {:x} {} {}", big * 3, big / 1_000_000_007, big % 97);
    let signed: i128 = -170141183460469231731687303715884105728;
    println!("{signed} {} {:?} {}", signed / 3, signed.checked_neg(), signed >> 100);
    println!("{} {}", signed as f64, 1e30f64 as i128);
    println!("{:?} {:?} {:?}", 250u8.checked_add(10), 250u8.wrapping_add(10), 250u8.saturating_add(10));
    println!("{:?} {:?}", i32::MAX.overflowing_mul(3), 7i32.checked_rem(0));
    println!("{} {} {} {}", u64::MAX.count_ones(), 40u32.leading_zeros(), 40u16.trailing_zeros(), 0x1234u16.swap_bytes());
    println!("{} {} {}", 300.7f32 as u8, -5.5f64 as u32, f64::NAN as i32);
    println!("{} {} {}", 2u32.pow(20), (-7i32).rem_euclid(3), (-7i32).div_euclid(3));
    println!("{} {}", u64::from_str_radix("deadbeef", 16).unwrap(), i64::from_str_radix("-zz", 36).unwrap());
    let x = std::hint::black_box(0.7f64);
    println!("{:.9} {:.9} {:.9} {:.9} {:.9}", x.sin(), x.cos(), x.tan(), x.exp(), x.ln());
    println!("{:.9} {:.9} {:.9} {:.9} {:.9}", x.powf(2.5), x.powi(7), x.atan2(0.3), x.hypot(1.1), x.cbrt());
    println!("{} {} {} {} {}", x.floor(), (-x).ceil(), (x * 10.0).round(), (2.5f64).round_ties_even(), x.mul_add(2.0, 1.0));
    println!("{:?} {}", (5.5f64 % 2.0, -5.5f64 % 2.0), (1u64 << 53) as f32);
    println!("{:?} {:?}", 1.5f64.to_bits(), f32::from_bits(0x40490fdb));
    println!("{:?}", 2.0f64.partial_cmp(&f64::NAN));
    println!("{:?}", [3.0, 1.0, 2.0].iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let mut v = vec![1.5f64, -2.0, 9.25, 0.0];
    v.sort_by(|a, b| b.total_cmp(a));
    println!("{v:?}");
    println!("{:?}", std::mem::size_of::<(usize, Option<Box<u8>>, &str)>());
    println!("{}", core::any::type_name::<Option<Vec<&str>>>());
    eprintln!("to stderr");
    // A panic ends the program, with its message.
    let few = [1, 2, 3];
    let index = few.len() + std::env::args().count();
    println!("{}", few[index]);
}
