// Names for code addresses, from the table that boot/link/symbols.cpp puts into the image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tessera::trap {

struct Symbol {
    std::string_view name;  // in the caller's buffer
    std::uint64_t offset;
};

// The function that holds `address`; an empty name if it is not the image's or the image has no table.
[[nodiscard]] Symbol find_symbol(std::uint64_t address, std::span<char> buffer);

}  // namespace tessera::trap
