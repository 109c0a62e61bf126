// What a program may be at most. The names are the ones a refusal uses; those of lists are in safeir/wire/lists.def.
#pragma once

#include <cstdint>

namespace tessera::safeir {

struct Limits {
    std::uint64_t file_bytes = 256U << 20U;
    // Of memory for what reading makes: so many for each byte of the file, and these for any file.
    std::uint64_t built_bytes_a_byte = 200;
    std::uint64_t built_bytes = 1U << 20U;
    std::uint32_t function_instructions = 1U << 20U;
    std::uint32_t instructions = 1U << 25U;
    std::uint32_t frame_bytes = 4096;  // of one function
    std::uint32_t capability_table_entries = 1U << 20U;
    std::uint64_t block_climb =
        1ULL << 24U;  // steps of LLVM's dominator tree in one function: quadratic in hostile ones
};

}  // namespace tessera::safeir
