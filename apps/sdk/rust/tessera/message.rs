//! Typed messages in Cap'n Proto's encoding, read and built in place: what modules made from schemas stand on. No unsafe code, no
//! allocation. What is wrong with a message reads as empty, and `Message::fault` says so, once at the end.
use core::cell::Cell;
use core::marker::PhantomData;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    None,
    /// A pointer leads out of its segment, or to a segment that is not there.
    Bounds,
    /// A pointer leads to another kind of thing than the schema says.
    Kind,
    /// A text without its last byte, which is 0, or that is no UTF-8.
    Text,
    /// Structs and lists are nested too deeply, or in a circle.
    Depth,
    /// More was read than the limit allows.
    Amount,
    /// A value of a strict enum or union that its schema does not list.
    Unknown,
    /// A table of segments that is cut off or makes no sense.
    Framing,
    /// A message that is built outgrows the room given for it.
    Room,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Size {
    Void,
    Bit,
    Byte,
    Two,
    Four,
    Eight,
    Pointer,
    Composite,
}

impl Size {
    const ALL: [Size; 8] =
        [Size::Void, Size::Bit, Size::Byte, Size::Two, Size::Four, Size::Eight, Size::Pointer, Size::Composite];
    const fn bits(self) -> u32 {
        [0, 1, 8, 16, 32, 64, 64, 0][self as usize]
    }
}

/// What is read: its segments, and what may still be read of it.
pub struct Message<'a> {
    own: &'a [u8],
    segments: &'a [&'a [u8]],
    words_left: Cell<u64>,
    depth: u16,
    fault: Cell<Fault>,
}

impl<'a> Message<'a> {
    /// One segment without a table of segments.
    pub fn new(flat: &'a [u8]) -> Message<'a> {
        Message { own: flat, segments: &[], words_left: Cell::new(8 << 20), depth: 64, fault: Cell::new(Fault::None) }
    }
    pub fn of_segments(segments: &'a [&'a [u8]]) -> Message<'a> {
        let own: &[u8] = segments.first().copied().unwrap_or(&[]);
        Message { own, segments, words_left: Cell::new(8 << 20), depth: 64, fault: Cell::new(Fault::None) }
    }
    pub fn fault(&self) -> Fault {
        self.fault.get()
    }
    pub fn ok(&self) -> bool {
        self.fault() == Fault::None
    }
    pub fn root<T: FromStruct<'a>>(&'a self) -> T {
        T::from_struct(self.root_place().read_struct())
    }
    /// The same where a list is the root, as in the bytes of a parameter or result that is one.
    pub fn root_list<T: Element<'a>>(&'a self) -> List<'a, T> {
        self.root_place().list()
    }
    fn root_place(&'a self) -> Place<'a> {
        if self.own.len() < 8 {
            self.fail(Fault::Bounds);
        }
        Place { message: self, segment: self.own, at: 0, depth: self.depth, there: self.own.len() >= 8 }
    }
    pub fn fail(&self, fault: Fault) {
        if self.ok() {
            self.fault.set(fault);
        }
    }
    fn charge(&self, words: u64) -> bool {
        let left = self.words_left.get();
        if words > left {
            self.words_left.set(0);
            self.fail(Fault::Amount);
            return false;
        }
        self.words_left.set(left - words);
        true
    }
    fn segment(&self, index: u32) -> Option<&'a [u8]> {
        if self.segments.is_empty() && index == 0 {
            Some(self.own)
        } else {
            self.segments.get(index as usize).copied()
        }
    }
}

/// The segments of a message with a table before it, in the caller's array; how many, and the bytes in all.
pub fn read_frame<'a>(bytes: &'a [u8], into: &mut [&'a [u8]]) -> Option<(usize, usize)> {
    let number = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes(b.try_into().unwrap()) as usize);
    let count = number(0)?.checked_add(1)?;
    let mut at = (count / 2 + 1).checked_mul(8)?;
    if count > into.len() {
        return None;
    }
    for i in 0..count {
        let end = at.checked_add(number(4 + i * 4)?.checked_mul(8)?)?;
        into[i] = bytes.get(at..end)?;
        at = end;
    }
    Some((count, at))
}

/// A pointer in a message.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    message: &'a Message<'a>,
    segment: &'a [u8],
    at: usize,
    depth: u16,
    there: bool,
}

struct Found<'a> {
    segment: &'a [u8],
    byte: usize,
    pointer: u64,
}

fn word(segment: &[u8], at: usize) -> Option<u64> {
    segment.get(at..at.checked_add(8)?).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()))
}

fn offset_bytes(pointer: u64) -> i64 {
    ((pointer as u32 as i32) >> 2) as i64 * 8
}

impl<'a> Place<'a> {
    fn raw(&self) -> u64 {
        if self.there { word(self.segment, self.at).unwrap_or(0) } else { 0 }
    }
    pub fn is_null(&self) -> bool {
        self.raw() == 0
    }
    /// With what the schema says for a pointer that is null: a message of one segment.
    pub fn or(self, otherwise: &'static [u8]) -> Place<'a> {
        if self.is_null() { Place { segment: otherwise, at: 0, depth: 64, there: true, ..self } } else { self }
    }
    fn fail(&self, fault: Fault) -> Option<Found<'a>> {
        self.message.fail(fault);
        None
    }
    // Where a pointer that is not null leads, past landing pads, if `words` of it are inside.
    fn follow(&self) -> Option<Found<'a>> {
        let pointer = self.raw();
        if pointer & 3 != 2 {
            return self.found(self.segment, self.at as i64 + 8 + offset_bytes(pointer), pointer);
        }
        let Some(pad) = self.message.segment((pointer >> 32) as u32) else { return self.fail(Fault::Bounds) };
        let at = (pointer as u32 >> 3) as usize * 8;
        let Some(first) = word(pad, at) else { return self.fail(Fault::Bounds) };
        if pointer & 4 == 0 {
            if first & 3 == 2 {
                return self.fail(Fault::Kind);
            }
            return self.found(pad, at as i64 + 8 + offset_bytes(first), first);
        }
        let Some(tag) = word(pad, at + 8) else { return self.fail(Fault::Bounds) };
        if first & 7 != 2 || tag & 3 == 2 {
            return self.fail(Fault::Kind);
        }
        let Some(segment) = self.message.segment((first >> 32) as u32) else { return self.fail(Fault::Bounds) };
        self.found(segment, (first as u32 >> 3) as i64 * 8, tag)
    }
    fn found(&self, segment: &'a [u8], byte: i64, pointer: u64) -> Option<Found<'a>> {
        // A byte before the segment is outside of it, as a very large one is.
        Some(Found { segment, byte: usize::try_from(byte).unwrap_or(usize::MAX), pointer })
    }
    fn check(&self, fine: bool, fault: Fault) -> bool {
        if !fine {
            self.message.fail(fault);
        }
        fine
    }
    fn inside(&self, found: &Found<'a>, words: u64) -> bool {
        let size = (found.segment.len() / 8 * 8) as u64;
        self.check(found.byte as u64 <= size && words * 8 <= size - found.byte as u64, Fault::Bounds)
    }

    pub fn read_struct(self) -> StructReader<'a> {
        let empty = StructReader { place: Place { there: false, ..self }, data: 0, data_bits: 0, pointer_count: 0 };
        if self.is_null() {
            return empty;
        }
        let Some(found) = self.follow() else { return empty };
        let data_words = (found.pointer >> 32) as u16 as u32;
        let pointers = (found.pointer >> 48) as u16;
        let words = u64::from(data_words) + u64::from(pointers);
        if !self.check(found.pointer & 3 == 0, Fault::Kind)
            || !self.inside(&found, words)
            || !self.check(self.depth != 0, Fault::Depth)
            || !self.message.charge(words)
        {
            return empty;
        }
        StructReader {
            place: Place {
                segment: found.segment,
                at: found.byte + data_words as usize * 8,
                depth: self.depth - 1,
                there: true,
                ..self
            },
            data: found.byte,
            data_bits: data_words * 64,
            pointer_count: pointers,
        }
    }

    pub fn read_list(self, wanted: Size) -> RawList<'a> {
        let empty = RawList { place: Place { there: false, ..self }, count: 0, step_bits: 0, data_bits: 0, pointers: 0 };
        if self.is_null() {
            return empty;
        }
        let Some(found) = self.follow() else { return empty };
        if !self.check(found.pointer & 3 == 1, Fault::Kind) || !self.check(self.depth != 0, Fault::Depth) {
            return empty;
        }
        let size = Size::ALL[(found.pointer >> 32 & 7) as usize];
        let mut count = (found.pointer >> 35) as u32;
        let mut byte = found.byte;
        let (mut step_bits, mut pointers) = (size.bits(), u16::from(size == Size::Pointer));
        let mut data_bits = if size == Size::Pointer { 0 } else { step_bits };
        let composite = size == Size::Composite;
        let words = if composite { u64::from(count) + 1 } else { (u64::from(count) * u64::from(step_bits)).div_ceil(64) };
        if !self.inside(&found, words) {
            return empty;
        }
        if composite {
            let tag = word(found.segment, byte).unwrap_or(1);
            data_bits = (tag >> 32) as u16 as u32 * 64;
            pointers = (tag >> 48) as u16;
            step_bits = data_bits + u32::from(pointers) * 64;
            count = tag as u32 >> 2;
            byte += 8;
            let fine = tag & 3 == 0 && u64::from(count) * u64::from(step_bits / 64) <= words - 1;
            if !self.check(fine, Fault::Bounds) {
                return empty;
            }
        }
        if !self.message.charge(words + if step_bits == 0 { u64::from(count) } else { 0 }) {
            return empty;
        }
        let fits = wanted == Size::Void
            || wanted == size
            || match wanted {
                Size::Composite => size != Size::Bit,
                Size::Pointer => composite && pointers > 0,
                Size::Bit => false,
                _ => size != Size::Bit && data_bits >= wanted.bits(),
            };
        if !self.check(fits, Fault::Kind) {
            return empty;
        }
        let place = Place { segment: found.segment, at: byte, depth: self.depth - 1, there: true, ..self };
        RawList { place, count, step_bits, data_bits, pointers }
    }

    pub fn read_data(self) -> &'a [u8] {
        let list = self.read_list(Size::Byte);
        if self.is_null() || !self.check(list.step_bits == 8, Fault::Kind) {
            return &[];
        }
        list.place.segment.get(list.place.at..list.place.at + list.count as usize).unwrap_or(&[])
    }
    pub fn read_text(self) -> &'a str {
        match self.read_data() {
            [text @ .., 0] => core::str::from_utf8(text).unwrap_or_else(|_| {
                self.message.fail(Fault::Text);
                ""
            }),
            _ => {
                self.check(self.is_null(), Fault::Text);
                ""
            }
        }
    }
    pub fn read_capability(self) -> Option<u32> {
        let pointer = self.raw();
        if pointer == 0 || !self.check(pointer as u32 == 3, Fault::Kind) { None } else { Some((pointer >> 32) as u32) }
    }
    pub fn read<T: FromStruct<'a>>(self) -> T {
        T::from_struct(self.read_struct())
    }
    pub fn list<T: Element<'a>>(self) -> List<'a, T> {
        List { raw: self.read_list(T::SIZE), of: PhantomData }
    }
}

/// A struct in a message.
#[derive(Clone, Copy)]
pub struct StructReader<'a> {
    place: Place<'a>, // of its pointers
    data: usize,
    data_bits: u32,
    pointer_count: u16,
}

macro_rules! numbers {
    ($($name:ident $type:ty),*) => { $(
        /// `offset` in units of the number. What is not there is 0: numbers are combined with their default.
        pub fn $name(&self, offset: u32) -> $type {
            const BYTES: usize = size_of::<$type>();
            if (u64::from(offset) + 1) * BYTES as u64 * 8 > u64::from(self.data_bits) {
                return 0;
            }
            let at = self.data + offset as usize * BYTES;
            self.place.segment.get(at..at + BYTES).map_or(0, |b| <$type>::from_le_bytes(b.try_into().unwrap()))
        }
    )* };
}

impl<'a> StructReader<'a> {
    numbers!(u8 u8, u16 u16, u32 u32, u64 u64);
    pub fn bit(&self, offset: u32) -> bool {
        offset < self.data_bits
            && self.place.segment.get(self.data + offset as usize / 8).is_some_and(|byte| byte >> (offset % 8) & 1 != 0)
    }
    pub fn pointer(&self, index: u16) -> Place<'a> {
        Place { at: self.place.at + index as usize * 8, there: index < self.pointer_count, ..self.place }
    }
    pub fn known(&self, value: u16, count: u16) -> u16 {
        self.place.check(value < count, Fault::Unknown);
        value
    }
}

pub trait FromStruct<'a> {
    fn from_struct(raw: StructReader<'a>) -> Self;
}

/// A list's elements, of whatever size.
#[derive(Clone, Copy)]
pub struct RawList<'a> {
    place: Place<'a>,
    count: u32,
    step_bits: u32,
    data_bits: u32,
    pointers: u16,
}

impl<'a> RawList<'a> {
    fn at(&self, index: u32) -> usize {
        self.place.at + (u64::from(index) * u64::from(self.step_bits) / 8) as usize
    }
    fn bytes<const N: usize>(&self, index: u32) -> [u8; N] {
        let at = self.at(index);
        self.place.segment.get(at..at + N).map_or([0; N], |bytes| bytes.try_into().unwrap())
    }
    fn pointer(&self, index: u32) -> Place<'a> {
        Place { at: self.at(index) + self.data_bits as usize / 8, ..self.place }
    }
    pub fn get_struct(&self, index: u32) -> StructReader<'a> {
        let data = self.at(index);
        let place = Place { at: data + self.data_bits as usize / 8, ..self.place };
        StructReader { place, data, data_bits: self.data_bits, pointer_count: self.pointers }
    }
}

/// What a list can hold.
pub trait Element<'a>: Sized {
    const SIZE: Size;
    fn get(list: &RawList<'a>, index: u32) -> Self;
}

macro_rules! number_elements {
    ($($type:ty => $size:ident),*) => { $(
        impl<'a> Element<'a> for $type {
            const SIZE: Size = Size::$size;
            fn get(list: &RawList<'a>, index: u32) -> $type { <$type>::from_le_bytes(list.bytes(index)) }
        }
    )* };
}
number_elements!(u8 => Byte, i8 => Byte, u16 => Two, i16 => Two, u32 => Four, i32 => Four, u64 => Eight, i64 => Eight,
                 f32 => Four, f64 => Eight);

impl<'a> Element<'a> for bool {
    const SIZE: Size = Size::Bit;
    fn get(list: &RawList<'a>, index: u32) -> bool {
        list.place.segment.get(list.place.at + index as usize / 8).is_some_and(|byte| byte >> (index % 8) & 1 != 0)
    }
}
impl<'a> Element<'a> for () {
    const SIZE: Size = Size::Void;
    fn get(_: &RawList<'a>, _: u32) {}
}
impl<'a> Element<'a> for &'a str {
    const SIZE: Size = Size::Pointer;
    fn get(list: &RawList<'a>, index: u32) -> &'a str {
        list.pointer(index).read_text()
    }
}
impl<'a> Element<'a> for &'a [u8] {
    const SIZE: Size = Size::Pointer;
    fn get(list: &RawList<'a>, index: u32) -> &'a [u8] {
        list.pointer(index).read_data()
    }
}
impl<'a> Element<'a> for Place<'a> {
    const SIZE: Size = Size::Pointer;
    fn get(list: &RawList<'a>, index: u32) -> Place<'a> {
        list.pointer(index)
    }
}
impl<'a, T: Element<'a>> Element<'a> for List<'a, T> {
    const SIZE: Size = Size::Pointer;
    fn get(list: &RawList<'a>, index: u32) -> List<'a, T> {
        list.pointer(index).list()
    }
}

#[derive(Clone, Copy)]
pub struct List<'a, T> {
    raw: RawList<'a>,
    of: PhantomData<T>,
}

impl<'a, T: Element<'a>> List<'a, T> {
    pub fn len(&self) -> u32 {
        self.raw.count
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn get(&self, index: u32) -> Option<T> {
        (index < self.raw.count).then(|| T::get(&self.raw, index))
    }
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let raw = self.raw;
        (0..raw.count).map(move |index| T::get(&raw, index))
    }
}
