// A panic below a closure below a method.
struct Table(Vec<i32>);

impl Table {
    #[inline(never)]
    fn sum(&self, keys: &[usize]) -> i32 {
        keys.iter().map(|key| self.0[*key]).sum() // line 7
    }
}

fn main() {
    let keys = [1, std::env::args().count() + 5];
    println!("{}", Table(vec![1, 2, 3]).sum(&keys)); // line 13
}
