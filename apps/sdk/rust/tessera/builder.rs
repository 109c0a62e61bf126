//! Building messages in room that the caller gives, as one segment. What does not fit goes nowhere, and `fault` says so. What was
//! set before at the same place stays in the message, unreachable: set each thing once.
use crate::message::{Fault, Size};
use core::cell::Cell;

pub struct MessageBuilder<'a> {
    room: &'a [Cell<u8>],
    used: Cell<usize>,
    fault: Cell<Fault>,
}

/// A pointer that is to be written; of no struct (`at` is none) it goes nowhere.
#[derive(Clone, Copy)]
pub struct Spot<'a> {
    message: &'a MessageBuilder<'a>,
    at: Option<usize>,
}

#[derive(Clone, Copy)]
pub struct StructBuilder<'a> {
    message: &'a MessageBuilder<'a>,
    data: Option<usize>,
    data_bytes: usize,
}

/// Elements that lie one behind the other.
#[derive(Clone, Copy)]
pub struct ListBuilder<'a> {
    message: &'a MessageBuilder<'a>,
    begin: Option<usize>,
    count: u32,
    step: usize,
    data_bytes: usize,
}

impl<'a> MessageBuilder<'a> {
    pub fn new(room: &'a mut [u8]) -> MessageBuilder<'a> {
        let room = Cell::from_mut(room).as_slice_of_cells();
        let builder = MessageBuilder { room, used: Cell::new(0), fault: Cell::new(Fault::None) };
        builder.take(1);
        builder
    }
    pub fn fault(&self) -> Fault {
        self.fault.get()
    }
    pub fn ok(&self) -> bool {
        self.fault() == Fault::None
    }
    /// How many bytes of the room the message takes, from its beginning.
    pub fn length(&self) -> usize {
        self.used.get()
    }
    /// Copies the message out.
    pub fn copy_to(&self, into: &mut [u8]) -> usize {
        let length = self.length().min(into.len());
        for (to, from) in into[..length].iter_mut().zip(self.room) {
            *to = from.get();
        }
        length
    }
    pub fn init_root<T: FromBuilder<'a>>(&'a self) -> T {
        self.root_spot().init()
    }
    /// The root's pointer, for what is no struct: `root_spot().init_list(Size::Eight, 3)`.
    pub fn root_spot(&'a self) -> Spot<'a> {
        Spot { message: self, at: self.ok().then_some(0) }
    }

    fn take(&self, words: u64) -> Option<usize> {
        let begin = self.used.get();
        let left = (self.room.len() / 8 * 8 - begin) as u64;
        if words * 8 > left || !self.ok() {
            self.fault.set(Fault::Room);
            return None;
        }
        let end = begin + words as usize * 8;
        for byte in &self.room[begin..end] {
            byte.set(0);
        }
        self.used.set(end);
        Some(begin)
    }
    fn write(&self, at: usize, bytes: &[u8]) {
        if let Some(room) = self.room.get(at..at + bytes.len()) {
            for (to, from) in room.iter().zip(bytes) {
                to.set(*from);
            }
        }
    }
    fn write_bit(&self, at: usize, bit: u32, value: bool) {
        if let Some(byte) = self.room.get(at + bit as usize / 8) {
            let mask = 1u8 << (bit % 8);
            byte.set(if value { byte.get() | mask } else { byte.get() & !mask });
        }
    }
}

impl<'a> Spot<'a> {
    fn allocate(&self, words: u64, pointer: u64) -> Option<usize> {
        let spot = self.at?;
        let at = self.message.take(words)?;
        let offset = ((at - spot) / 8 - 1) as u32;
        self.message.write(spot, &(pointer | u64::from(offset << 2)).to_le_bytes());
        Some(at)
    }
    pub fn init_struct(self, data_words: u16, pointers: u16) -> StructBuilder<'a> {
        let pointer = u64::from(data_words) << 32 | u64::from(pointers) << 48;
        let data = self.allocate(u64::from(data_words) + u64::from(pointers), pointer);
        StructBuilder { message: self.message, data, data_bytes: usize::from(data_words) * 8 }
    }
    pub fn init<T: FromBuilder<'a>>(self) -> T {
        T::from_builder(self.init_struct(T::DATA_WORDS, T::POINTERS))
    }
    /// Of anything but structs.
    pub fn init_list(self, size: Size, count: u32) -> ListBuilder<'a> {
        let bits = [0u64, 1, 8, 16, 32, 64, 64, 0][size as usize];
        let begin = self.allocate_list((u64::from(count) * bits).div_ceil(64), size, count);
        let count = if begin.is_some() { count } else { 0 };
        ListBuilder { message: self.message, begin, count, step: bits as usize / 8, data_bytes: 0 }
    }
    pub fn init_structs(self, data_words: u16, pointers: u16, count: u32) -> ListBuilder<'a> {
        let step = u64::from(data_words) + u64::from(pointers);
        let words = u64::from(count) * step;
        let list_words = u32::try_from(words).unwrap_or(u32::MAX);
        let tag = self.allocate_list(words + 1, Size::Composite, list_words);
        if let Some(at) = tag {
            let tag = u64::from(count) << 2 | u64::from(data_words) << 32 | u64::from(pointers) << 48;
            self.message.write(at, &tag.to_le_bytes());
        }
        ListBuilder {
            message: self.message,
            begin: tag.map(|at| at + 8),
            count: if tag.is_some() { count } else { 0 },
            step: step as usize * 8,
            data_bytes: usize::from(data_words) * 8,
        }
    }
    fn allocate_list(&self, words: u64, size: Size, count: u32) -> Option<usize> {
        if count >= 1 << 29 {
            self.message.fault.set(Fault::Room);
            return None;
        }
        self.allocate(words, 1 | (size as u64) << 32 | u64::from(count) << 35)
    }
    fn write_bytes(&self, bytes: &[u8], more: usize) {
        let count = u32::try_from(bytes.len() + more).unwrap_or(u32::MAX);
        if let Some(at) = self.allocate_list(u64::from(count).div_ceil(8), Size::Byte, count) {
            self.message.write(at, bytes);
        }
    }
    pub fn write_data(self, data: &[u8]) {
        self.write_bytes(data, 0);
    }
    pub fn write_text(self, text: &str) {
        self.write_bytes(text.as_bytes(), 1);
    }
    pub fn write_capability(self, index: u32) {
        if let Some(at) = self.at {
            self.message.write(at, &(3 | u64::from(index) << 32).to_le_bytes());
        }
    }
}

macro_rules! setters {
    ($($name:ident $type:ty),*) => { $(
        /// `offset` in units of the number.
        pub fn $name(&self, offset: u32, value: $type) {
            if let Some(data) = self.data {
                self.message.write(data + offset as usize * size_of::<$type>(), &value.to_le_bytes());
            }
        }
    )* };
}

impl<'a> StructBuilder<'a> {
    setters!(set_u8 u8, set_u16 u16, set_u32 u32, set_u64 u64);
    pub fn set_bit(&self, offset: u32, value: bool) {
        if let Some(data) = self.data {
            self.message.write_bit(data, offset, value);
        }
    }
    pub fn pointer(&self, index: u16) -> Spot<'a> {
        let at = self.data.map(|data| data + self.data_bytes + usize::from(index) * 8);
        Spot { message: self.message, at }
    }
}

pub trait FromBuilder<'a> {
    const DATA_WORDS: u16;
    const POINTERS: u16;
    fn from_builder(raw: StructBuilder<'a>) -> Self;
}

/// A number that a list holds.
pub trait Number {
    fn write(self, list: &ListBuilder<'_>, index: u32);
}
macro_rules! numbers {
    ($($type:ty),*) => { $(
        impl Number for $type {
            fn write(self, list: &ListBuilder<'_>, index: u32) {
                if let (Some(begin), true) = (list.begin, index < list.count) {
                    list.message.write(begin + index as usize * size_of::<$type>(), &self.to_le_bytes());
                }
            }
        }
    )* };
}
numbers!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);
impl Number for bool {
    fn write(self, list: &ListBuilder<'_>, index: u32) {
        if let (Some(begin), true) = (list.begin, index < list.count) {
            list.message.write_bit(begin, index, self);
        }
    }
}

/// An index outside of the list writes nowhere.
impl<'a> ListBuilder<'a> {
    pub fn len(&self) -> u32 {
        self.count
    }
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    pub fn set<T: Number>(&self, index: u32, value: T) {
        value.write(self, index);
    }
    /// Of a list of pointers.
    pub fn spot(&self, index: u32) -> Spot<'a> {
        let at = self.begin.filter(|_| index < self.count).map(|begin| begin + index as usize * 8);
        Spot { message: self.message, at }
    }
    /// Of a list of structs.
    pub fn get<T: FromBuilder<'a>>(&self, index: u32) -> T {
        let data = self.begin.filter(|_| index < self.count).map(|begin| begin + index as usize * self.step);
        T::from_builder(StructBuilder { message: self.message, data, data_bytes: self.data_bytes })
    }
}
