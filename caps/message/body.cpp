#include "caps/message/body.h"

#include "caps/message/tree_copy.h"

#include <algorithm>

namespace tessera::caps {
namespace {

using wire::ElementSize;
using wire::kWordBytes;
using wire::Pointer;
using wire::PointerKind;
using wire::words_for;
using Kind = FieldPlan::Kind;

std::unexpected<BodyFault> refuse(BodyFault fault) { return std::unexpected(fault); }

BodyFault fault_of(TreeFault fault) { return fault == TreeFault::Room ? BodyFault::TooLarge : BodyFault::Malformed; }

// A message's words, of a value's bytes: what is no whole word at the end is none of it.
std::uint64_t message_words(const FieldValue& value) { return value.length / kWordBytes; }

class Writer {
  public:
    Writer(const RecordPlan& record, std::span<std::byte> room, BodyCapabilities& capabilities, CopyBytes copy)
        : record_(record), target_{room}, capabilities_(capabilities), copy_(copy) {}

    std::expected<std::size_t, BodyFault> write(const FieldValues& values) {
        if (!target_.add(1 + std::uint64_t{record_.data_words} + record_.pointers)) {
            return refuse(BodyFault::TooLarge);
        }
        wire::store(target_.room, 0, Pointer::to_struct(0, kFirst, record_.data_words, record_.pointers).raw());
        std::size_t index = 0;
        for (const auto& field : record_.fields) {
            if (const auto put = this->put(field, values[index++]); !put) {
                return refuse(put.error());
            }
        }
        return target_.words * kWordBytes;
    }

  private:
    static constexpr std::uint64_t kFirst = 1;  // word of the struct

    std::expected<void, BodyFault> put(const FieldPlan& field, const FieldValue& value) {
        if (field.is_number()) {
            const auto word = kFirst + field.place;
            const auto bits = ((value.word ^ field.default_bits) & field.mask) << field.shift;
            wire::store(target_.room, word, wire::load(target_.room, word) | bits);
            return {};
        }
        const auto place = kFirst + record_.data_words + field.place;
        if (field.kind == Kind::Capability) {
            if (value.word != 0) {
                wire::store(target_.room, place, Pointer::to_capability(capabilities_.count).raw());
                capabilities_.words[capabilities_.count++] = value.word;
            }
            return {};
        }
        return field.kind == Kind::Message ? put_message(place, value) : put_bytes(field, place, value);
    }

    std::expected<void, BodyFault> put_bytes(const FieldPlan& field, std::uint64_t place, const FieldValue& value) {
        const std::uint64_t zero = field.kind == Kind::Text ? 1 : 0;
        if (value.length == 0) {
            return {};  // what is not there reads as empty
        }
        if (value.length > kBodyBytesMax) {
            return refuse(BodyFault::TooLarge);
        }
        const auto begin = target_.add(words_for(value.length + zero));
        if (!begin) {
            return refuse(BodyFault::TooLarge);
        }
        if (copy_(target_.room.data() + *begin * kWordBytes, value.bytes, value.length) != 0) {
            return refuse(BodyFault::Missing);
        }
        wire::store(target_.room, place, Pointer::to_list(place, *begin, ElementSize::Byte, value.length + zero).raw());
        return {};
    }

    // The message is copied to the end of the room, where it can't change any more, and from there to its place.
    std::expected<void, BodyFault> put_message(std::uint64_t place, const FieldValue& value) {
        const auto words = message_words(value);
        if (words == 0) {
            return {};
        }
        const auto room_words = target_.room.size() / kWordBytes;
        if (words > room_words - target_.words) {
            return refuse(BodyFault::TooLarge);
        }
        const auto source = target_.room.subspan((room_words - words) * kWordBytes, words * kWordBytes);
        if (copy_(source.data(), value.bytes, source.size()) != 0) {
            return refuse(BodyFault::Missing);
        }
        TreeTarget inner{target_.room.first((room_words - words) * kWordBytes), target_.words};
        const auto fault = copy_tree(source, 0, inner, place);
        target_.words = inner.words;
        return fault == TreeFault::None ? std::expected<void, BodyFault>() : refuse(fault_of(fault));
    }

    const RecordPlan& record_;
    TreeTarget target_;
    BodyCapabilities& capabilities_;
    CopyBytes copy_;
};

class Reader {
  public:
    Reader(std::span<const std::byte> body, const BodyCapabilities& capabilities, std::span<std::byte> room)
        : body_(body), words_(body.size() / kWordBytes), capabilities_(capabilities), room_(room) {}

    std::expected<void, BodyFault> read(const RecordPlan& record, FieldValues& values) {
        if (words_ == 0) {
            return refuse(BodyFault::Malformed);
        }
        const Pointer root(wire::load(body_, 0));
        if (!root.is_null()) {
            const auto begin = root.kind() == PointerKind::Struct
                                   ? root.target(0, root.data_words() + root.pointers(), words_)
                                   : std::nullopt;
            if (!begin) {
                return refuse(BodyFault::Malformed);
            }
            first_ = *begin;
            data_words_ = root.data_words();
            pointers_ = root.pointers();
        }
        std::size_t index = 0;
        for (const auto& field : record.fields) {
            values[index] = {};
            if (const auto got = get(field, values[index++]); !got) {
                return got;
            }
        }
        return {};
    }

  private:
    std::expected<void, BodyFault> get(const FieldPlan& field, FieldValue& value) {
        if (field.is_number()) {
            const auto stored = field.place < data_words_ ? wire::load(body_, first_ + field.place) >> field.shift : 0;
            value.word = number(field, (stored & field.mask) ^ field.default_bits);
            return {};
        }
        const auto place = first_ + data_words_ + field.place;
        if (field.place >= pointers_) {
            return {};  // of an older version
        }
        const Pointer pointer(wire::load(body_, place));
        if (pointer.is_null()) {
            return {};
        }
        if (field.kind == Kind::Capability) {
            if (!pointer.is_capability() || pointer.capability() >= capabilities_.count) {
                return refuse(BodyFault::Malformed);
            }
            value.word = capabilities_.words[pointer.capability()];
            return {};
        }
        return field.kind == Kind::Message ? get_message(place, value) : get_bytes(field, pointer, place, value);
    }

    // As an i32 has it, if it is shorter.
    static std::uint64_t number(const FieldPlan& field, std::uint64_t bits) {
        switch (field.kind) {
        case Kind::SignedByte:
            return static_cast<std::uint32_t>(static_cast<std::int8_t>(bits));
        case Kind::SignedShort:
            return static_cast<std::uint32_t>(static_cast<std::int16_t>(bits));
        default:
            return bits;
        }
    }

    std::expected<void, BodyFault>
    get_bytes(const FieldPlan& field, Pointer pointer, std::uint64_t place, FieldValue& value) {
        const bool are_bytes = pointer.kind() == PointerKind::List && pointer.element() == ElementSize::Byte;
        const auto begin = are_bytes ? pointer.target(place, words_for(pointer.count()), words_) : std::nullopt;
        if (!begin) {
            return refuse(BodyFault::Malformed);
        }
        const auto bytes = body_.subspan(*begin * kWordBytes, pointer.count());
        if (field.kind == Kind::Text && (bytes.empty() || bytes.back() != std::byte{0})) {
            return refuse(BodyFault::Malformed);
        }
        value.bytes = bytes.data();
        value.length = bytes.size() - (field.kind == Kind::Text ? 1 : 0);
        return {};
    }

    std::expected<void, BodyFault> get_message(std::uint64_t place, FieldValue& value) {
        TreeTarget made{room_};
        if (!made.add(1)) {
            return refuse(BodyFault::TooLarge);
        }
        if (const auto fault = copy_tree(body_, place, made, 0); fault != TreeFault::None) {
            return refuse(fault_of(fault));
        }
        value.bytes = room_.data();
        value.length = made.words * kWordBytes;
        room_ = room_.subspan(value.length);
        return {};
    }

    std::span<const std::byte> body_;
    std::uint64_t words_;
    const BodyCapabilities& capabilities_;
    std::span<std::byte> room_;
    std::uint64_t first_ = 0;  // of the root struct
    std::uint64_t data_words_ = 0;
    std::uint64_t pointers_ = 0;
};

// Words, with working space for messages or without.
std::uint64_t words_of(const RecordPlan& record, const FieldValues& values, std::uint64_t times_of_messages) {
    std::uint64_t words = 1 + std::uint64_t{record.data_words} + record.pointers;
    std::size_t index = 0;
    for (const auto& field : record.fields) {
        if (field.is_bytes()) {
            const auto length = std::min(values[index].length, std::uint64_t{1} << 40U);
            words += field.kind == Kind::Message ? times_of_messages * (length / kWordBytes) : words_for(length + 1);
        }
        ++index;
    }
    return words;
}

}  // namespace

std::uint64_t body_bytes(const RecordPlan& record, const FieldValues& values) {
    return words_of(record, values, 1) * kWordBytes;
}

std::expected<std::size_t, BodyFault> body_room(const RecordPlan& record, const FieldValues& values) {
    const auto bytes = words_of(record, values, 2) * kWordBytes;
    return bytes <= kBodyBytesMax ? std::expected<std::size_t, BodyFault>(bytes) : refuse(BodyFault::TooLarge);
}

std::expected<std::size_t, BodyFault> write_body(const RecordPlan& record,
                                                 const FieldValues& values,
                                                 std::span<std::byte> room,
                                                 BodyCapabilities& capabilities,
                                                 CopyBytes copy) {
    return Writer(record, room, capabilities, copy).write(values);
}

std::expected<void, BodyFault> read_body(const RecordPlan& record,
                                         std::span<const std::byte> body,
                                         const BodyCapabilities& capabilities,
                                         std::span<std::byte> room,
                                         FieldValues& values) {
    return Reader(body, capabilities, room).read(record, values);
}

}  // namespace tessera::caps
