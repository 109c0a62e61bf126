// Reads a message of every.capnp (one bare segment, or with --framed a table before them) from standard input by the Rust bindings, and
// writes one that says the same to standard output, built by them. A message that is refused ends it with its fault.
use std::io::{Read, Write};
use tessera::builder::{MessageBuilder, Number};
use tessera::message::{Element, Fault, List, Message, Size, read_frame};

#[path = "every.tessera.rs"]
mod every;
use every::*;

fn numbers<'a, T: Element<'a> + Number>(from: List<'a, T>, to: tessera::builder::ListBuilder<'_>) {
    for (i, value) in from.iter().enumerate() {
        to.set(i as u32, value);
    }
}

fn copy_inner(from: EveryInner, to: EveryInnerBuilder) {
    to.set_a(from.a());
    if from.has_b() {
        to.set_b(from.b());
    }
    if from.which() == EveryInnerWhich::SOME {
        to.set_some(from.some());
    }
}

fn copy_numbers(from: Every, to: EveryBuilder) {
    to.set_truth(from.truth());
    to.set_tiny(from.tiny());
    to.set_small(from.small());
    to.set_number(from.number());
    to.set_big(from.big());
    to.set_utiny(from.utiny());
    to.set_usmall(from.usmall());
    to.set_unumber(from.unumber());
    to.set_ubig(from.ubig());
    to.set_single(from.single());
    to.set_double(from.double());
    to.set_color(from.color());
    to.set_def_truth(from.def_truth());
    to.set_def_number(from.def_number());
    to.set_def_big(from.def_big());
    to.set_def_single(from.def_single());
    to.set_def_double(from.def_double());
    to.set_def_color(from.def_color());
    to.init_place().set_column(from.place().column());
    to.init_place().set_row(from.place().row());
}

fn copy_lists(from: Every, to: EveryBuilder) {
    numbers(from.list(), to.init_list(from.list().len()));
    numbers(from.truths(), to.init_truths(from.truths().len()));
    to.init_nothings(from.nothings().len());
    numbers(from.bytes(), to.init_bytes(from.bytes().len()));
    numbers(from.longs(), to.init_longs(from.longs().len()));
    numbers(from.doubles(), to.init_doubles(from.doubles().len()));
    numbers(from.colors(), to.init_colors(from.colors().len()));
    let texts = to.init_texts(from.texts().len());
    for (i, text) in from.texts().iter().enumerate() {
        texts.spot(i as u32).write_text(text);
    }
    let datas = to.init_datas(from.datas().len());
    for (i, data) in from.datas().iter().enumerate() {
        datas.spot(i as u32).write_data(data);
    }
    let nested = to.init_nested(from.nested().len());
    for (i, list) in from.nested().iter().enumerate() {
        numbers(list, nested.spot(i as u32).init_list(tessera::message::Size::Two, list.len()));
    }
    let inners = to.init_inners(from.inners().len());
    for (i, inner) in from.inners().iter().enumerate() {
        copy_inner(inner, inners.get(i as u32));
    }
    // The defaults, too, as values.
    numbers(from.def_list(), to.init_def_list(from.def_list().len()));
    let def_texts = to.init_def_texts(from.def_texts().len());
    for (i, text) in from.def_texts().iter().enumerate() {
        def_texts.spot(i as u32).write_text(text);
    }
}

fn copy(from: Every, to: EveryBuilder, depth: u32) {
    copy_numbers(from, to);
    copy_lists(from, to);
    to.set_text(from.text());
    to.set_data(from.data());
    to.set_def_text(from.def_text());
    to.set_def_data(from.def_data());
    copy_inner(from.def_child(), to.init_def_child());
    if !from.any().is_null() && from.has_text() {
        copy_inner(from.any().read(), to.init_any().init()); // only a struct is there then
    }
    let (choice, to_choice) = (from.choice(), to.init_choice());
    match choice.which() {
        EveryChoiceWhich::FIRST => to_choice.set_first(choice.first()),
        EveryChoiceWhich::SECOND => to_choice.set_second(choice.second()),
        EveryChoiceWhich::FOURTH => {
            let fourth = to_choice.init_fourth();
            fourth.set_x(choice.fourth().x());
            fourth.set_y(choice.fourth().y());
        }
        _ => to_choice.set_third(),
    }
    if depth < 6 {
        if from.has_child() {
            copy(from.child(), to.init_child(), depth + 1);
        }
        let children = to.init_children(from.children().len());
        for (i, child) in from.children().iter().enumerate() {
            copy(child, children.get(i as u32), depth + 1);
        }
    }
}

/// A list is the root: what was built is read, and another kind of root is a fault.
fn root_lists() {
    let mut room = [0u8; 32];
    let builder = MessageBuilder::new(&mut room);
    let list = builder.root_spot().init_list(Size::Eight, 3);
    (0..3).for_each(|i| list.set(i, u64::from(i) + 40));
    assert!(builder.ok() && builder.length() == 32);
    let mut bytes = [0u8; 32];
    builder.copy_to(&mut bytes);
    let message = Message::new(&bytes);
    assert!(message.root_list::<u64>().iter().eq([40, 41, 42]) && message.ok());
    let _: Every = message.root();
    assert!(message.fault() == Fault::Kind);
    let cut = Message::new(&bytes[..24]);
    assert!(cut.root_list::<u64>().len() == 0 && cut.fault() == Fault::Bounds);
    let nothing = Message::new(&[]);
    assert!(nothing.root_list::<u64>().is_empty() && nothing.fault() == Fault::Bounds);
}

fn main() {
    root_lists();
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let mut table: [&[u8]; 4096] = [&[]; 4096];
    let message = if std::env::args().any(|word| word == "--framed") {
        let Some((count, length)) = read_frame(&bytes, &mut table) else { return refuse(Fault::Framing) };
        assert_eq!(length, bytes.len());
        Message::of_segments(&table[..count])
    } else {
        Message::new(&bytes)
    };
    let mut room = vec![0u8; 1 << 20];
    let mut out = vec![0u8; 1 << 20];
    let builder = MessageBuilder::new(&mut room);
    copy(message.root(), builder.init_root(), 0);
    if !message.ok() {
        return refuse(message.fault());
    }
    assert!(builder.ok());
    let length = builder.copy_to(&mut out);
    std::io::stdout().write_all(&out[..length]).unwrap();
    // Too little room is said, and is no panic.
    let mut little = vec![0u8; length - 8];
    let builder = MessageBuilder::new(&mut little);
    let root: EveryBuilder = builder.init_root();
    copy(Message::root(&Message::new(&bytes)), root, 0);
    assert!(builder.fault() == Fault::Room || std::env::args().any(|word| word == "--framed"));
}

fn refuse(fault: Fault) {
    eprintln!("{fault:?}");
    std::process::exit(1);
}
