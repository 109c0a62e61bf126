// Cap'n Proto's encoding, as far as the kernel takes bodies apart and puts them together: words of 8 bytes, pointers.
// All of it is one segment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace tessera::caps::wire {

inline constexpr std::size_t kWordBytes = 8;
inline constexpr std::uint64_t kListElementsMax = (1U << 29U) - 1;

enum class PointerKind : std::uint8_t { Struct, List, Far, Other };
enum class ElementSize : std::uint8_t { Void, Bit, Byte, Two, Four, Eight, Pointer, Composite };

constexpr std::uint64_t words_for(std::uint64_t bytes) { return (bytes + kWordBytes - 1) / kWordBytes; }

class Pointer {
  public:
    explicit constexpr Pointer(std::uint64_t raw) : raw_(raw) {}
    [[nodiscard]] constexpr bool is_null() const { return raw_ == 0; }
    [[nodiscard]] constexpr PointerKind kind() const { return static_cast<PointerKind>(raw_ & 3U); }
    [[nodiscard]] constexpr std::uint64_t raw() const { return raw_; }
    // Of structs, and of the tag of a list of structs.
    [[nodiscard]] constexpr std::uint64_t data_words() const { return raw_ >> 32U & 0xFFFFU; }
    [[nodiscard]] constexpr std::uint64_t pointers() const { return raw_ >> 48U; }
    [[nodiscard]] constexpr std::uint64_t tag_count() const { return static_cast<std::uint32_t>(raw_) >> 2U; }
    // Of lists; of structs it counts words.
    [[nodiscard]] constexpr ElementSize element() const { return static_cast<ElementSize>(raw_ >> 32U & 7U); }
    [[nodiscard]] constexpr std::uint64_t count() const { return raw_ >> 35U; }
    [[nodiscard]] constexpr bool is_capability() const { return static_cast<std::uint32_t>(raw_) == 3; }
    [[nodiscard]] constexpr std::uint32_t capability() const { return static_cast<std::uint32_t>(raw_ >> 32U); }
    // What a struct or list at `place` leads to, if `words` from there on are inside of so many. No arithmetic on what
    // the message says can go round.
    [[nodiscard]] constexpr std::optional<std::uint64_t>
    target(std::uint64_t place, std::uint64_t words, std::uint64_t inside) const {
        const std::int64_t offset = static_cast<std::int32_t>(static_cast<std::uint32_t>(raw_)) >> 2;
        const std::int64_t at = static_cast<std::int64_t>(place) + 1 + offset;
        const bool fits =
            at >= 0 && static_cast<std::uint64_t>(at) <= inside && words <= inside - static_cast<std::uint64_t>(at);
        return fits ? std::optional(static_cast<std::uint64_t>(at)) : std::nullopt;
    }

    static constexpr Pointer
    to_struct(std::uint64_t place, std::uint64_t target, std::uint64_t data_words, std::uint64_t pointers) {
        return Pointer(offset(place, target) | data_words << 32U | pointers << 48U);
    }
    static constexpr Pointer
    to_list(std::uint64_t place, std::uint64_t target, ElementSize element, std::uint64_t count) {
        return Pointer(offset(place, target) | 1U | static_cast<std::uint64_t>(element) << 32U | count << 35U);
    }
    static constexpr Pointer to_capability(std::uint32_t index) { return Pointer(3U | std::uint64_t{index} << 32U); }

  private:
    // A struct of no size that lies nowhere points to itself: target == place.
    static constexpr std::uint64_t offset(std::uint64_t place, std::uint64_t target) {
        return static_cast<std::uint32_t>(static_cast<std::uint32_t>(target - place - 1) << 2U);
    }
    std::uint64_t raw_;
};

inline std::uint64_t load(std::span<const std::byte> bytes, std::uint64_t word) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + word * kWordBytes, sizeof value);
    return value;
}
inline void store(std::span<std::byte> bytes, std::uint64_t word, std::uint64_t value) {
    std::memcpy(bytes.data() + word * kWordBytes, &value, sizeof value);
}

}  // namespace tessera::caps::wire
