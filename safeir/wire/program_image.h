// ProgramImage: everything of a program that is not code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::safeir {

inline constexpr std::uint64_t kArenaBytes = std::uint64_t{1} << 32;       // what a 32-bit offset reaches
inline constexpr std::uint64_t kArenaGuardBytes = std::uint64_t{1} << 31;  // what a constant displacement adds to it
inline constexpr std::uint32_t kArenaFirstByte = 64 * 1024;                // below: never mapped, so null is no address
inline constexpr std::uint32_t kMemoryPageBytes = 64 * 1024;               // unit of memory.size and memory.grow
inline constexpr std::uint32_t kAccessBytesMax = 64;                       // the widest load or store (512 bits)

struct ProgramImage {
    // The arena is mapped from kArenaFirstByte to memory_initial_bytes at start; the program may grow it to
    // memory_max_bytes at most. Both are multiples of kMemoryPageBytes.
    std::uint64_t memory_initial_bytes = 0;
    std::uint64_t memory_max_bytes = kArenaBytes;

    // The arena stack grows down from stack_top (16-byte aligned). Whole machine pages (4 KiB) between
    // kArenaFirstByte and stack_bottom stay unmapped, so that an overflow is a fault.
    std::uint32_t stack_top = 0;
    std::uint32_t stack_bottom = 0;

    // Initial contents: ascending, not overlapping, inside [stack_bottom, memory_initial_bytes).
    struct Segment {
        std::uint32_t offset = 0;
        std::vector<std::uint8_t> bytes;
    };
    std::vector<Segment> segments;

    // Capability tables, numbered by their index.
    struct CapTable {
        std::uint32_t initial = 0;
        std::uint32_t max = 0;
    };
    std::vector<CapTable> cap_tables;
};

}  // namespace tessera::safeir
