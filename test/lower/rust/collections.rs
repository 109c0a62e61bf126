// std's collections, smart pointers and iterators.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, OnceLock, RwLock};

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Shape {
    Point,
    Circle { radius: u32 },
    Named(String, Option<Box<Shape>>),
}

trait Area {
    fn area(&self) -> f64;
    fn name(&self) -> String {
        String::from("shape")
    }
}
struct Square(f64);
struct Round(f64);
impl Area for Square {
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}
impl Area for Round {
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.0 * self.0
    }
    fn name(&self) -> String {
        "round".to_owned()
    }
}

struct Noisy(&'static str, Rc<RefCell<Vec<String>>>);
impl Drop for Noisy {
    fn drop(&mut self) {
        self.1.borrow_mut().push(format!("drop {}", self.0));
    }
}

#[derive(Default)]
struct Node {
    children: RefCell<Vec<Rc<Node>>>,
    parent: RefCell<Weak<Node>>,
    value: Cell<i32>,
}

thread_local! { static COUNT: Cell<u32> = const { Cell::new(3) }; }
static SHARED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ONCE: OnceLock<String> = OnceLock::new();

fn make_adder(n: i64) -> impl Fn(i64) -> i64 {
    move |x| x + n
}
fn compose(parts: Vec<Box<dyn Fn(i64) -> i64>>) -> impl Fn(i64) -> i64 {
    move |x| parts.iter().fold(x, |value, part| part(value))
}

fn main() {
    let mut words: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, word) in "the quick brown fox jumps over the lazy dog the end".split_whitespace().enumerate() {
        words.entry(word.to_string()).or_default().push(i);
    }
    let mut sorted: Vec<_> = words.iter().collect();
    sorted.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    println!("{sorted:?}");

    let mut tree = BTreeMap::new();
    for i in 0..1000u64 {
        tree.insert(i.wrapping_mul(2654435761) % 1009, i);
    }
    println!("{} {:?} {:?}", tree.len(), tree.first_key_value(), tree.range(500..510).collect::<Vec<_>>());
    tree.retain(|key, _| key % 3 == 0);
    println!("{} {}", tree.len(), tree.values().sum::<u64>());
    let set: BTreeSet<char> = "hello world".chars().filter(|c| c.is_alphabetic()).collect();
    println!("{}", set.iter().rev().collect::<String>());

    let mut heap = BinaryHeap::from(vec![3, 1, 4, 1, 5, 9, 2, 6]);
    heap.push(7);
    print!("heap");
    while let Some(top) = heap.pop() {
        print!(" {top}");
    }
    println!();
    let mut queue: VecDeque<i32> = (0..10).collect();
    queue.rotate_left(3);
    queue.push_front(-1);
    println!("{queue:?} {:?}", queue.iter().skip(2).step_by(3).collect::<Vec<_>>());
    let mut list: LinkedList<&str> = LinkedList::new();
    list.push_back("b");
    list.push_front("a");
    println!("{list:?}");
    let many: HashSet<u64> = (0..100_000u64).map(|x| x.wrapping_mul(0x9e3779b97f4a7c15) >> 40).collect();
    println!("{}", many.iter().fold(0u64, |a, b| a ^ b) ^ many.len() as u64);

    let shapes = vec![
        Shape::Point,
        Shape::Circle { radius: 3 },
        Shape::Named("n".into(), Some(Box::new(Shape::Circle { radius: 9 }))),
    ];
    println!("{shapes:?}\n{:#?}", shapes[2]);
    println!("{:?}", shapes.iter().max());
    let areas: Vec<Box<dyn Area>> = vec![Box::new(Square(1.5)), Box::new(Round(2.0))];
    for area in &areas {
        println!("{} {:.6}", area.name(), area.area());
    }

    let log = Rc::new(RefCell::new(Vec::new()));
    {
        let _first = Noisy("first", log.clone());
        let second = Noisy("second", log.clone());
        let moved = second;
        drop(moved);
        log.borrow_mut().push("inside".into());
    }
    println!("{:?} {}", log.borrow(), Rc::strong_count(&log));

    let leaf = Rc::new(Node::default());
    leaf.value.set(7);
    let dangling: Weak<Node> = Weak::new();
    println!("{} {}", dangling.upgrade().is_none(), leaf.parent.borrow().upgrade().is_none());
    let branch = Rc::new(Node { children: RefCell::new(vec![leaf.clone()]), ..Default::default() });
    *leaf.parent.borrow_mut() = Rc::downgrade(&branch);
    println!("{} {} {}", Rc::weak_count(&branch), Rc::strong_count(&leaf), branch.children.borrow()[0].value.get());

    let shared = Arc::new(RwLock::new(vec![1, 2, 3]));
    shared.write().unwrap().push(4);
    SHARED.lock().unwrap().extend_from_slice(b"bytes");
    COUNT.with(|c| c.set(c.get() + 1));
    println!("{:?} {:?} {} {}", shared.read().unwrap(), SHARED.lock().unwrap(), COUNT.with(Cell::get), ONCE.get_or_init(|| "once".into()));

    let chain = compose(vec![Box::new(make_adder(5)), Box::new(|x| x * x), Box::new(make_adder(-1))]);
    println!("{}", chain(7));
    let primes: Vec<u32> = (2u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).take(20).collect();
    println!("{primes:?}");
    let (even, odd): (Vec<i32>, Vec<i32>) = (1..=10).partition(|x| x % 2 == 0);
    println!("{:?}", even.iter().zip(odd.iter().rev()).map(|(a, b)| a * b).collect::<Vec<_>>());
    let mut numbers: Vec<i64> = (0..2000).map(|i: i64| (i * 7919) % 1999 - 1000).collect();
    numbers.sort_unstable();
    numbers.dedup();
    println!("{} {:?} {:?}", numbers.len(), numbers.binary_search(&17), numbers.binary_search(&5000));
    let mut stable: Vec<(u8, usize)> = (0..500).map(|i| ((i * 31 % 7) as u8, i)).collect();
    stable.sort_by_key(|pair| pair.0);
    println!("{}", stable.windows(2).all(|w| w[0] <= w[1]));
    println!("{:?}", [1, 2, 3, 4, 5, 6, 7].chunks(3).map(|c| c.iter().product::<i32>()).collect::<Vec<_>>());
    let nothings = vec![(); 5];
    println!("{} {}", nothings.len(), nothings.iter().count());
    let empty: [u64; 0] = [];
    println!("{:?} {:?}", empty.iter().max(), empty.first());
    let nested: Vec<Vec<i32>> = (0..4).map(|i| (0..i).collect()).collect();
    println!("{:?}", nested.concat());
    println!("{:?}", std::env::args().skip(1).collect::<Vec<_>>());
    std::process::exit(7);
}
