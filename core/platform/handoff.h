// What every boot protocol ends as. Filled by boot/entry from the loader's memory, which may be reused afterwards:
// nothing in here points into it.
#pragma once

#include "core/mem/address.h"

#include <cstddef>
#include <cstdint>

namespace tessera {

struct Handoff {
    static constexpr std::size_t kMemoryMax = 256;
    static constexpr std::size_t kCommandLineMax = 4096;
    static constexpr std::size_t kRsdpMax = 36;

    mem::PhysRange memory[kMemoryMax];  // usable; in the loader's order, may touch or overlap
    std::size_t memory_count;
    mem::PhysRange bundle;  // the first module; empty if there is none
    char command_line[kCommandLineMax];
    std::size_t command_line_size;
    std::uint64_t rsdp;                // physical address, 0 if unknown
    std::uint8_t rsdp_copy[kRsdpMax];  // the loader's copy of the RSDP (Multiboot2)
    std::size_t rsdp_copy_size;
    std::uint64_t entry_tsc;
    const char* protocol;
};

}  // namespace tessera
