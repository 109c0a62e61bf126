// Program memory: what mmap, mprotect, munmap and brk mean here, and page faults that give frames on first touch.
//
// Frames are promised before they are given. Pages are charged when they become writable, by mmap or mprotect, and that
// is refused if the promise can't be kept: malloc fails with a null pointer instead of a fault later. A reservation
// (PROT_NONE) is not charged. Nor are pages that can only be read; a first touch there fails (OutOfMemory) while the
// frames left are promised to others.
#pragma once

#include "core/mem/page_table.h"

#include <cstdint>
#include <expected>

namespace tessera::mem {

enum class MapError : std::uint8_t { NoMemory, Invalid, Exists };

struct MapRequest {
    std::uint64_t address = 0;  // a wish, or an order with `fixed`
    std::uint64_t bytes = 0;
    Access access = Access::None;
    bool fixed = false;
    bool no_replace = false;
    bool near = false;  // below 2 GiB
};

void create_address_space();

[[nodiscard]] std::expected<std::uint64_t, MapError> map(const MapRequest& request);
[[nodiscard]] std::expected<void, MapError> unmap(std::uint64_t start, std::uint64_t bytes);
[[nodiscard]] std::expected<void, MapError> protect(std::uint64_t start, std::uint64_t bytes, Access access);
// MADV_DONTNEED: contents are dropped, the next touch finds zeros.
[[nodiscard]] std::expected<void, MapError> discard(std::uint64_t start, std::uint64_t bytes);
// mremap with MREMAP_MAYMOVE.
[[nodiscard]] std::expected<std::uint64_t, MapError>
resize(std::uint64_t start, std::uint64_t old_bytes, std::uint64_t bytes);
// The new program break, or the old one if that can't be.
[[nodiscard]] std::uint64_t set_break(std::uint64_t address);

enum class Fault : std::uint8_t { Handled, NotAllowed, NoMemory };
struct FaultKind {
    bool write;
    bool execute;
};
// Trap context.
[[nodiscard]] Fault handle_fault(std::uint64_t address, FaultKind kind);

// Frames that are neither in use nor promised.
[[nodiscard]] std::uint64_t available_frames();

}  // namespace tessera::mem
