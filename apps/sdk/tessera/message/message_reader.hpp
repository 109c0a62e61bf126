// What is read: the segments of a message, and the limits that keep a hostile one from costing more than it is worth.
#pragma once

#include <span>

#include <tessera/message/wire.hpp>

namespace tessera::message {

struct Segment {
    const unsigned char* begin = nullptr;
    std::uint32_t words = 0;
};

struct Limits {
    std::uint64_t words = 8U << 20U;  // read, each time that it is read: pointers may lead to one thing from many places
    std::uint16_t depth = 64;
};

struct Place;
class StructReader;
template <typename T>
class ListReader;

// Stays where it is while anything of it is read. One thread at a time.
class MessageReader {
  public:
    // One segment without a table of segments, as slices and MessageBuilder::bytes have it.
    explicit MessageReader(std::span<const std::byte> flat, Limits limits = {})
        : own_{reinterpret_cast<const unsigned char*>(flat.data()), words_of(flat.size())}, segments_(&own_), count_(1),
          words_left_(limits.words), depth_(limits.depth) {}
    // `segments` stays as long as this does.
    explicit MessageReader(std::span<const Segment> segments, Limits limits = {})
        : segments_(segments.data()), count_(static_cast<std::uint32_t>(segments.size())), words_left_(limits.words),
          depth_(limits.depth) {}
    MessageReader(const MessageReader&) = delete;
    MessageReader& operator=(const MessageReader&) = delete;

    // The root struct; an empty one if there is none.
    template <typename T>
    [[nodiscard]] typename T::Reader root();
    // The same where a list is the root, as in the slice of a parameter or result that is one.
    template <typename T>
    [[nodiscard]] ListReader<T> root_list();

    [[nodiscard]] Fault fault() const { return fault_; }
    [[nodiscard]] bool ok() const { return fault_ == Fault::None; }

    [[gnu::cold]] void fail(Fault fault) {
        if (fault_ == Fault::None) {
            fault_ = fault;
        }
    }

    // For readers.
    [[nodiscard]] bool charge(std::uint64_t words) {
        if (words > words_left_) [[unlikely]] {
            words_left_ = 0;
            fail(Fault::Amount);
            return false;
        }
        words_left_ -= words;
        return true;
    }
    [[nodiscard]] const Segment* segment(std::uint32_t index) const {
        return index < count_ ? &segments_[index] : nullptr;
    }
    [[nodiscard]] std::uint16_t depth() const { return depth_; }

  private:
    [[nodiscard]] Place root_place();
    static std::uint32_t words_of(std::size_t bytes) {
        const std::size_t words = bytes / kWordBytes;
        return words > 0xffffffffU ? 0xffffffffU : static_cast<std::uint32_t>(words);
    }

    Segment own_{};
    const Segment* segments_;
    std::uint32_t count_;
    Fault fault_ = Fault::None;
    std::uint64_t words_left_;
    std::uint16_t depth_;
};

// A pointer's place in a message: what it points to is found when it is asked for.
struct Place {
    MessageReader* message = nullptr;
    const Segment* segment = nullptr;
    const unsigned char* at = nullptr;  // null: no pointer there
    std::uint16_t depth = 0;            // that may still be gone down

    [[nodiscard]] bool is_null() const { return at == nullptr || load<std::uint64_t>(at) == 0; }
};

// Where a pointer leads: past the landing pads of far ones.
struct Found {
    const Segment* segment = nullptr;  // null: a fault
    std::uint64_t byte = 0;            // of the segment
    Pointer pointer{};                 // that says what is there
};

inline Place MessageReader::root_place() {
    if (count_ == 0 || segments_[0].words == 0) {
        fail(Fault::Bounds);
        return {this, nullptr, nullptr, 0};
    }
    return {this, &segments_[0], segments_[0].begin, depth_};
}

namespace detail {

// A far pointer leads to a landing pad: a pointer, or two words that say where (another far pointer) and what.
[[gnu::noinline]] inline Found follow_far(MessageReader& message, Pointer far) {
    const Segment* pad = message.segment(far.far_segment());
    const std::uint32_t size = far.is_double() ? 2 : 1;
    if (pad == nullptr || std::uint64_t{far.far_word()} + size > pad->words) {
        message.fail(Fault::Bounds);
        return {};
    }
    const unsigned char* const at = pad->begin + std::size_t{far.far_word()} * kWordBytes;
    const Pointer first{load<std::uint64_t>(at)};
    if (!far.is_double()) {
        if (first.kind() == PointerKind::Far) {
            message.fail(Fault::Kind);
            return {};
        }
        return {pad, static_cast<std::uint64_t>((static_cast<std::int64_t>(far.far_word()) + 1 + first.offset()) * 8), first};
    }
    const Pointer tag{load<std::uint64_t>(at + kWordBytes)};
    const Segment* target = message.segment(first.far_segment());
    if (first.kind() != PointerKind::Far || first.is_double() || tag.kind() == PointerKind::Far) {
        message.fail(Fault::Kind);
        return {};
    }
    if (target == nullptr) {
        message.fail(Fault::Bounds);
        return {};
    }
    return {target, std::uint64_t{first.far_word()} * kWordBytes, tag};
}

// Of a pointer that is not null. A byte before the segment is a very large number, and outside of it.
[[gnu::always_inline]] inline Found follow(const Place& place) {
    const Pointer pointer{load<std::uint64_t>(place.at)};
    if (pointer.kind() == PointerKind::Far) [[unlikely]] {
        return follow_far(*place.message, pointer);
    }
    const std::int64_t here = place.at - place.segment->begin;
    return {place.segment, static_cast<std::uint64_t>(here + 8 + pointer.offset() * 8), pointer};
}

[[gnu::always_inline]] inline bool inside(const Found& found, std::uint64_t words) {
    const std::uint64_t size = std::uint64_t{found.segment->words} * kWordBytes;
    return found.byte <= size && words * kWordBytes <= size - found.byte;
}

[[gnu::always_inline]] inline const unsigned char* address(const Found& found) {
    return found.segment->begin + found.byte;
}

}  // namespace detail
}  // namespace tessera::message
