// Cap'n Proto's encoding: pointers and sizes. A message is made of words of 8 bytes, little-endian, that need not be aligned here.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tessera::message {

static_assert(std::endian::native == std::endian::little, "numbers are loaded and stored as they are");

// What is wrong with a message. The first fault stays; what is read after it is empty, and what is written goes nowhere.
enum class Fault : std::uint8_t {
    None,
    Bounds,   // a pointer leads out of its segment, or to a segment that is not there
    Kind,     // a pointer leads to another kind of thing than the schema says
    Text,     // a text without its last byte, which is 0
    Depth,    // structs and lists are nested too deeply, or in a circle
    Amount,   // more was read than the limit allows: a message that points to one thing many times
    Unknown,  // a value of a strict enum or union that its schema does not list
    Framing,  // a table of segments, or a packed form, that is cut off or makes no sense
    Room,     // a message that is built outgrows the room given for it
};

inline constexpr std::size_t kWordBytes = 8;
inline constexpr std::uint32_t kListElementsMax = (1U << 29U) - 1;

template <typename T>
[[gnu::always_inline]] inline T load(const unsigned char* at) {
    T value;
    std::memcpy(&value, at, sizeof(value));
    return value;
}
template <typename T>
[[gnu::always_inline]] inline void store(unsigned char* at, T value) {
    std::memcpy(at, &value, sizeof(value));
}

enum class PointerKind : std::uint8_t { Struct, List, Far, Other };
enum class ElementSize : std::uint8_t { Void, Bit, Byte, Two, Four, Eight, Pointer, Composite };

// Of one element; 0 of Void and Composite.
constexpr unsigned bits_of(ElementSize size) {
    constexpr unsigned kBits[] = {0, 1, 8, 16, 32, 64, 64, 0};
    return kBits[static_cast<unsigned>(size)];
}

struct Pointer {
    std::uint64_t raw = 0;

    [[nodiscard]] constexpr bool is_null() const { return raw == 0; }
    [[nodiscard]] constexpr PointerKind kind() const { return static_cast<PointerKind>(raw & 3); }
    // Of structs and lists: words from the end of the pointer to what it points to.
    [[nodiscard]] constexpr std::int64_t offset() const {
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(raw)) >> 2;
    }
    // Of structs, and of the tag of a list of structs.
    [[nodiscard]] constexpr std::uint32_t data_words() const { return static_cast<std::uint16_t>(raw >> 32U); }
    [[nodiscard]] constexpr std::uint32_t pointers() const { return static_cast<std::uint16_t>(raw >> 48U); }
    // Of the tag: how many structs.
    [[nodiscard]] constexpr std::uint32_t tag_count() const { return static_cast<std::uint32_t>(raw) >> 2U; }
    // Of lists; `count` is of words if they are structs.
    [[nodiscard]] constexpr ElementSize element() const { return static_cast<ElementSize>((raw >> 32U) & 7U); }
    [[nodiscard]] constexpr std::uint32_t count() const { return static_cast<std::uint32_t>(raw >> 35U); }
    // Of far ones.
    [[nodiscard]] constexpr bool is_double() const { return (raw & 4U) != 0; }
    [[nodiscard]] constexpr std::uint32_t far_word() const { return static_cast<std::uint32_t>(raw) >> 3U; }
    [[nodiscard]] constexpr std::uint32_t far_segment() const { return static_cast<std::uint32_t>(raw >> 32U); }
    // Of the other kind: a capability's index in its table.
    [[nodiscard]] constexpr bool is_capability() const { return (raw & 0xffffffffU) == 3; }
    [[nodiscard]] constexpr std::uint32_t capability() const { return static_cast<std::uint32_t>(raw >> 32U); }

    static constexpr Pointer to_struct(std::int64_t offset, std::uint32_t data_words, std::uint32_t pointers) {
        return {position(offset) | std::uint64_t{data_words} << 32U | std::uint64_t{pointers} << 48U};
    }
    static constexpr Pointer to_list(std::int64_t offset, ElementSize size, std::uint32_t count) {
        return {position(offset) | 1U | static_cast<std::uint64_t>(size) << 32U | std::uint64_t{count} << 35U};
    }
    static constexpr Pointer tag(std::uint32_t count, std::uint32_t data_words, std::uint32_t pointers) {
        return to_struct(count, data_words, pointers);
    }
    static constexpr Pointer to_far(std::uint32_t segment, std::uint32_t word) {
        return {2U | std::uint64_t{word} << 3U | std::uint64_t{segment} << 32U};
    }
    static constexpr Pointer to_capability(std::uint32_t index) { return {3U | std::uint64_t{index} << 32U}; }

  private:
    static constexpr std::uint64_t position(std::int64_t offset) {
        return static_cast<std::uint32_t>(static_cast<std::uint32_t>(offset) << 2U);
    }
};

// How large a struct of a schema is.
struct StructSize {
    std::uint16_t data_words;
    std::uint16_t pointers;
};

}  // namespace tessera::message
