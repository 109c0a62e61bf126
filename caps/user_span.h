// What a program says of its own memory: allegations, which a type tells apart from numbers and from each other.
// Nothing of it is known to be true until the arena has checked it, which each access here does.
#pragma once

#include "runtime/arena.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tessera::caps {

// Where a T is, or is to be put. Passed as a 32-bit number.
template <typename T>
struct UserPlace {
    using UserNumber = std::uint32_t;
    UserNumber offset;

    // False: not all of it is in the program's memory.
    [[nodiscard]] bool get(const runtime::Arena& arena, T& into) const {
        return arena.read(offset, &into, sizeof into);
    }
    [[nodiscard]] bool put(runtime::Arena& arena, const T& value) const {
        return arena.write(offset, &value, sizeof value);
    }
    // Of an array that begins here. Wraps as the program's own arithmetic does; get and put check the place.
    [[nodiscard]] UserPlace element(std::uint32_t index) const {
        return {offset + index * static_cast<std::uint32_t>(sizeof(T))};
    }
};

// How many bytes there are.
struct UserLength {
    using UserNumber = std::uint32_t;
    UserNumber bytes;
};

// How many elements an array has.
struct UserCount {
    using UserNumber = std::uint32_t;
    UserNumber value;
};

// Bytes that lie in the program's memory as it is, which never becomes smaller.
class UserSpan {
  public:
    static std::optional<UserSpan> of(const runtime::Arena& arena, UserPlace<std::byte> place, UserLength length) {
        if (!arena.contains(place.offset, length.bytes)) {
            return std::nullopt;
        }
        return UserSpan(place.offset, length.bytes);
    }
    [[nodiscard]] std::uint32_t offset() const { return offset_; }
    [[nodiscard]] std::uint32_t bytes() const { return bytes_; }

  private:
    UserSpan(std::uint32_t offset, std::uint32_t bytes) : offset_(offset), bytes_(bytes) {}

    std::uint32_t offset_;
    std::uint32_t bytes_;
};

}  // namespace tessera::caps
