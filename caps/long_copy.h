// Copies between program memory and the kernel's that may be long: in parts, between which others may have the core.
#pragma once

#include "runtime/arena.h"
#include "runtime/fiber.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tessera::caps {

inline constexpr std::uint64_t kCopyPartBytes = std::uint64_t{1} << 20U;

// Calls part(done, bytes) until all is done. False as soon as a part says so; true without the rest if the program is
// to be stopped, which sees none of it.
template <typename Part>
[[nodiscard]] bool in_parts(std::uint64_t length, std::uint64_t part_bytes, Part part) {
    for (std::uint64_t done = 0; done < length && runtime::share_core();) {
        const auto bytes = std::min(length - done, part_bytes);
        if (!part(done, bytes)) {
            return false;
        }
        done += bytes;
    }
    return true;
}

// As Arena's: false if the range is outside (nothing is copied then) or a page is missing.
[[nodiscard]] inline bool
write_long(runtime::Arena& arena, std::uint32_t offset, const std::byte* from, std::uint64_t length) {
    return arena.contains(offset, length) &&
           in_parts(length, kCopyPartBytes, [&](std::uint64_t done, std::uint64_t bytes) {
               return arena.write(offset + static_cast<std::uint32_t>(done), from + done, bytes);
           });
}

[[nodiscard]] inline bool
read_long(const runtime::Arena& arena, std::uint32_t offset, std::byte* into, std::uint64_t length) {
    return arena.contains(offset, length) &&
           in_parts(length, kCopyPartBytes, [&](std::uint64_t done, std::uint64_t bytes) {
               return arena.read(offset + static_cast<std::uint32_t>(done), into + done, bytes);
           });
}

}  // namespace tessera::caps
