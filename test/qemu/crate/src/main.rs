fn main() {
    println!("built by a {}, {} words", env!("BUILT_BY"), macros::words!(one two two three));
    for (word, times) in dep::count("the cat and The dog and THE end") {
        print!("{word} {times} ");
    }
    println!();
}
