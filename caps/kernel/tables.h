// The interfaces by which programs call the kernel's own objects.
#pragma once

#include "caps/kernel/method.h"
#include "runtime/copy.h"

#include <algorithm>

namespace tessera::caps {

[[nodiscard]] const KernelTable& console_table();    // ByteStream and Console
[[nodiscard]] const KernelTable& clock_table();      // Clock and Timer
[[nodiscard]] const KernelTable& random_table();     // Random
[[nodiscard]] const KernelTable& cores_table();      // Cores
[[nodiscard]] const KernelTable& directory_table();  // Directory, of what can only be read
[[nodiscard]] const KernelTable& file_table();       // File, the same
[[nodiscard]] const KernelTable& loader_table();     // Loader

// Bytes of the kernel's own, which stay, as a result. TooSmall: `length` says how much room was needed.
[[nodiscard]] inline Status give_bytes(std::span<const std::byte> bytes, WriteSlice into, std::uint64_t& length) {
    length = bytes.size();
    if (bytes.size() > into.length) {
        return Status::TooSmall;
    }
    return tessera_copy(into.bytes, bytes.data(), bytes.size()) == 0 ? Status::Ok : Status::Stale;
}

}  // namespace tessera::caps
