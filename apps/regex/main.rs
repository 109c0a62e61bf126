// Uses of the crates regex and memchr whose results are known.
use regex::{Regex, RegexSet};

struct Checks {
    made: u32,
    failed: u32,
}

impl Checks {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, got: T, wanted: T) {
        self.made += 1;
        if got != wanted {
            self.failed += 1;
            println!("{what}: got {got:?}, wanted {wanted:?}");
        }
    }
}

fn main() {
    let mut checks = Checks { made: 0, failed: 0 };
    let text = "On 2024-03-15 and 1999-12-31, mail a.user@example.org or b+c@test.net; host 192.168.0.1.";

    let date = Regex::new(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})").unwrap();
    let found: Vec<String> = date.captures_iter(text).map(|c| format!("{}/{}/{}", &c["d"], &c["m"], &c["y"])).collect();
    checks.equal("named groups", found, vec!["15/03/2024".to_string(), "31/12/1999".to_string()]);
    checks.equal("place", date.find(text).map(|m| m.range()), Some(3..13));
    checks.equal("replace", &date.replace_all(text, "$d.$m.$y")[3..13], "15.03.2024");
    let mail = Regex::new(r"(?i)\b[a-z0-9._+]+@[a-z0-9.]+\.[a-z]{2,}\b").unwrap();
    checks.equal("mail", mail.find_iter(text).map(|m| m.as_str()).collect(), vec!["a.user@example.org", "b+c@test.net"]);
    checks.equal("Unicode", Regex::new(r"\p{Greek}+").unwrap().find("abc αβγ def").map(|m| m.as_str()), Some("αβγ"));
    checks.equal("case", Regex::new(r"(?i)straße").unwrap().is_match("STRAßE"), true);
    checks.equal("error", Regex::new("(unclosed").unwrap_err().to_string().contains("unclosed group"), true);
    checks.equal("too large", Regex::new(r"\w{1000}{1000}").is_err(), true);
    let set = RegexSet::new([r"^\d+$", r"^[a-f]+$", r"[[:punct:]]", r"^.{3}$"]).unwrap();
    checks.equal("set", set.matches("abc").into_iter().collect(), vec![1, 3]);
    checks.equal("split", Regex::new(r"[ ,;]+").unwrap().split("a, b;c  d").collect(), vec!["a", "b", "c", "d"]);
    // No backtracking: this takes a number of steps that grows with the text, not with 2^text.
    checks.equal("linear", Regex::new(r"(a*)*(a*)*b").unwrap().is_match(&"a".repeat(20_000)), false);

    // memchr against the obvious loop, over every length and start that its vector loops care about.
    let bytes: Vec<u8> = (0..600u32).map(|i| (i.wrapping_mul(2654435761) >> 24) as u8).collect();
    for length in (0..200).chain([255, 256, 257, 500]) {
        for start in 0..33 {
            let part = &bytes[start..start + length];
            let needle = (length * 7 + start) as u8;
            let (first, last) = (part.iter().position(|b| *b == needle), part.iter().rposition(|b| *b == needle));
            checks.equal("memchr", memchr::memchr(needle, part), first);
            checks.equal("memrchr", memchr::memrchr(needle, part), last);
        }
    }
    let hay = "the cat sat on the mat with the other cat".repeat(50);
    checks.equal("memmem", memchr::memmem::find_iter(hay.as_bytes(), "other cat").count(), 50);

    println!("{} of {} checks passed", checks.made - checks.failed, checks.made);
    std::process::exit(i32::from(checks.failed != 0));
}
