// Calls what it was granted, by its own interface and by the one that this extends.
use interfaces::things::{Named, Tally};

fn name_of(named: &Named) -> String {
    let mut room = [0u8; 16];
    match named.name(&mut room) {
        Ok(name) => String::from_utf8_lossy(name).into_owned(),
        Err(error) => format!("status {}", error.status),
    }
}

fn main() {
    let tally: Tally = interfaces::granted().expect("a Tally was granted");
    println!("{:?} {:?}", tally.add(40), tally.add(2));
    println!("{}", tally.as_named(name_of));
    let child = tally.child("second").expect("it makes another one");
    println!("{:?} {}", child.add(7), child.as_named(name_of));
    let mut room = [0u8; 16];
    let name = child.as_named(|named| tally.handle_(named, &mut room).map(<[u8]>::to_vec));
    println!("{:?}", name.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
    println!("{:?}", tally.as_named(|named| named.name(&mut [0u8; 2]).map(<[u8]>::len)));
}
