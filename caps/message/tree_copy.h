// Copies what a pointer of one message leads to into another one. Both are the kernel's own memory; what the source
// says is hostile. Each pointer is checked, and what is read many times over by one source is bounded by the target's
// room.
#pragma once

#include "caps/message/words.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera::caps {

inline constexpr unsigned kTreeDepthMax = 64;

enum class TreeFault : std::uint8_t {
    None,
    Malformed,  // a pointer out of the message, to another segment or to a capability, or too many of them nested
    Room,       // more than the target has room for
};

// A message that grows at its end.
struct TreeTarget {
    std::span<std::byte> room;
    std::uint64_t words = 0;  // that are used

    // The first of so many more, all zero; none: there is no room.
    [[nodiscard]] std::optional<std::uint64_t> add(std::uint64_t count) {
        const auto begin = words;
        if (count > room.size() / wire::kWordBytes - words) {
            return std::nullopt;
        }
        words += count;
        std::memset(room.data() + begin * wire::kWordBytes, 0, count * wire::kWordBytes);
        return begin;
    }
};

// The pointer at word `place` of the source becomes the one at word `target_place`, which is there and null.
[[nodiscard]] TreeFault
copy_tree(std::span<const std::byte> source, std::uint64_t place, TreeTarget& target, std::uint64_t target_place);

}  // namespace tessera::caps
