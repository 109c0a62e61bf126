// Copies of structs and lists from one message to another, in the canonical form: in preorder, without anything that is not
// reached, without zeros at the ends of structs. A reader reads such a copy as it reads the original.
#pragma once

#include <tessera/message/builders.hpp>

namespace tessera::message {
namespace detail {

// Without the zeros at the end.
inline StructSize needed_size(const StructReader& from) {
    std::uint32_t data_words = (from.data_bits() + 63) / 64;
    const auto word = [&](std::uint32_t index) {
        std::uint64_t value = 0;
        const std::uint32_t left = from.data_bits() - index * 64;
        if (left == 1) {
            return static_cast<std::uint64_t>(from.bit(index * 64) ? 1 : 0);
        }
        std::memcpy(&value, from.data() + index * kWordBytes, left >= 64 ? kWordBytes : left / 8);
        return value;
    };
    while (data_words > 0 && word(data_words - 1) == 0) {
        --data_words;
    }
    std::uint32_t pointers = from.pointer_count();
    while (pointers > 0 && from.pointer(pointers - 1).is_null()) {
        --pointers;
    }
    return {static_cast<std::uint16_t>(data_words), static_cast<std::uint16_t>(pointers)};
}

inline void copy_numbers(const StructReader& from, unsigned char* to, StructSize size) {
    const std::size_t wanted = std::size_t{size.data_words} * kWordBytes;
    const std::size_t there = from.data_bits() / 8;
    std::memcpy(to, from.data(), wanted < there ? wanted : there);
}

inline void copy_struct_at(const StructReader& from, const Spot& to) {
    const StructSize size = needed_size(from);
    // The canonical form of a struct with nothing in it points to itself.
    if (size.data_words == 0 && size.pointers == 0) {
        if (to.at != nullptr) {
            store(to.at, Pointer::to_struct(-1, 0, 0).raw);
        }
        return;
    }
    const StructBuilder target = StructBuilder::init(to, size);
    if (target.data() == nullptr) {
        return;
    }
    copy_numbers(from, target.data(), size);
    for (std::uint32_t i = 0; i < size.pointers; ++i) {
        copy(from.pointer(i), target.pointer(i));
    }
}

inline void copy_struct_list(const RawList& from, const Spot& to) {
    StructSize size{0, 0};
    for (std::uint32_t i = 0; i < from.count; ++i) {
        const StructSize one = needed_size(Element<AnyStruct>::raw(from, i));
        size.data_words = one.data_words > size.data_words ? one.data_words : size.data_words;
        size.pointers = one.pointers > size.pointers ? one.pointers : size.pointers;
    }
    const RawListBuilder list = init_composite(to, size, from.count);
    if (list.begin == nullptr) {
        return;
    }
    const std::size_t step = (std::size_t{size.data_words} + size.pointers) * kWordBytes;
    for (std::uint32_t i = 0; i < from.count; ++i) {
        const StructReader element = Element<AnyStruct>::raw(from, i);
        const StructBuilder target(list.message, list.room, list.begin + i * step, size.data_words);
        copy_numbers(element, target.data(), size);
        for (std::uint32_t pointer = 0; pointer < size.pointers; ++pointer) {
            copy(element.pointer(pointer), target.pointer(pointer));
        }
    }
}

inline void copy_list(const Place& from, const Spot& to) {
    const RawList list = read_list<ElementSize::Void>(from);
    if (!from.message->ok()) {
        return;
    }
    if (list.size == ElementSize::Composite) {
        copy_struct_list(list, to);
        return;
    }
    const RawListBuilder target = init_list(to, list.size, list.count);
    if (target.begin == nullptr) {
        return;
    }
    if (list.size == ElementSize::Pointer) {
        for (std::uint32_t i = 0; i < list.count; ++i) {
            copy(element_pointer(list, i), element_spot(target, i));
        }
        return;
    }
    const std::size_t bits = std::size_t{list.count} * bits_of(list.size);
    std::memcpy(target.begin, list.begin, bits / 8);
    if (bits % 8 != 0) {  // without what lies behind the last bit
        target.begin[bits / 8] = static_cast<unsigned char>(list.begin[bits / 8] & ((1U << (bits % 8)) - 1));
    }
}

// Goes down no deeper than the reader's limit.
inline void copy(const Place& from, const Spot& to) {
    if (from.is_null() || to.at == nullptr) {
        return;
    }
    const Found found = follow(from);
    if (found.segment == nullptr) {
        return;
    }
    switch (found.pointer.kind()) {
    case PointerKind::Struct: {
        const StructReader reader = StructReader::at(from);
        if (from.message->ok()) {
            copy_struct_at(reader, to);
        }
        break;
    }
    case PointerKind::List:
        copy_list(from, to);
        break;
    default:
        if (found.pointer.is_capability()) {
            store(to.at, found.pointer.raw);
        } else {
            from.message->fail(Fault::Kind);
        }
        break;
    }
}

}  // namespace detail

template <typename Reader>
void MessageBuilder::set_root(const Reader& from) {
    if (ok()) {
        detail::copy_struct_at(from.raw(), {this, rooms_, rooms_->begin});
    }
}

// The canonical form of a message in `room`: one segment, the same bytes for all messages that say the same. Empty on a fault,
// which `from` or the result's length tells: nothing if there was too little room.
[[nodiscard]] inline std::span<const std::byte> canonical(MessageReader& from, std::span<std::byte> room) {
    MessageBuilder to(room);
    const Segment* const first = from.segment(0);
    if (first == nullptr || first->words == 0) {
        from.fail(Fault::Bounds);
        return {};
    }
    detail::copy({&from, first, first->begin, from.depth()}, {&to, to.first_room(), to.ok() ? to.first_room()->begin : nullptr});
    return from.ok() && to.ok() ? std::span<const std::byte>(room.data(), to.bytes().size()) : std::span<const std::byte>{};
}

}  // namespace tessera::message
