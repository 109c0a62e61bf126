// Physical addresses and ranges: a type of their own, so that none is mistaken for a pointer. Ranges are half-open.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace tessera::mem {

inline constexpr std::uint64_t kPageSize = 4096;
inline constexpr std::uint64_t kLargePageSize = 2UL * 1024 * 1024;

struct PhysAddr {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const PhysAddr&) const = default;
    [[nodiscard]] constexpr PhysAddr operator+(std::uint64_t bytes) const { return {value + bytes}; }
};

struct PhysRange {
    PhysAddr start;
    PhysAddr end;
    [[nodiscard]] constexpr std::uint64_t size() const { return end.value - start.value; }
    [[nodiscard]] constexpr bool empty() const { return end.value <= start.value; }
};

[[nodiscard]] constexpr std::uint64_t round_down(std::uint64_t value, std::uint64_t unit) {
    return value & ~(unit - 1);
}
[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) & ~(unit - 1);
}

}  // namespace tessera::mem
