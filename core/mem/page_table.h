// The one page table. A mapping is written by name of what may be done with it; write and execute together has no name.
// Callers hold the address space's lock, except at boot.
#pragma once

#include "core/mem/address.h"

#include <cstdint>

namespace tessera::mem {

enum class Access : std::uint8_t { None, Read, ReadWrite, ReadExecute };
enum class Memory : std::uint8_t { Normal, Device };
enum class Pages : std::uint8_t { Small, Any };  // Any: 2 MiB pages where both sides are aligned

// Maps [start, start + bytes) to physical memory in a row. False if a table could not be allocated.
[[nodiscard]] bool
map_range(std::uint64_t start, PhysAddr physical, std::uint64_t bytes, Access access, Memory memory, Pages pages);

enum class Touch : std::uint8_t { Mapped, AlreadyMapped, NoFrame };
// Gives the page a zeroed frame, unless it has one (another core was faster).
[[nodiscard]] Touch map_fresh(std::uint64_t page, Access access);

// What a page is mapped to, if it is.
struct Mapping {
    bool present;
    bool writable;
    bool executable;
    PhysAddr physical;
};
[[nodiscard]] Mapping look_up(std::uint64_t address);

// Changes what may be done with the pages that have frames. True if a right was taken away: flush the TLBs.
// None keeps the frames.
struct ProtectResult {
    bool flush;
    bool complete;  // false: no frame for the table that splits a 2 MiB page
};
[[nodiscard]] ProtectResult protect_range(std::uint64_t start, std::uint64_t end, Access access);

// Unmapping takes two steps, with a TLB flush of all cores between them: frames and tables must not be reused while
// a core may still reach them. detach returns whether there was anything; release returns the frames freed.
[[nodiscard]] bool detach_range(std::uint64_t start, std::uint64_t end);
std::uint64_t release_detached(std::uint64_t start, std::uint64_t end);

// Moves the frames of [from, from + bytes) to unmapped addresses, rights and all. Flush afterwards.
[[nodiscard]] bool move_range(std::uint64_t from, std::uint64_t to, std::uint64_t bytes);

// Pages with frames.
[[nodiscard]] std::uint64_t count_present(std::uint64_t start, std::uint64_t end);

[[nodiscard]] PhysAddr page_table_root();

}  // namespace tessera::mem
