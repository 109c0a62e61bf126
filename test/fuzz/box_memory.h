// What a program in the box can write, and what it can't reach around it.
#pragma once

#include "safeir/wire/program_image.h"
#include "test/fuzz/box_functions.h"
#include "test/fuzz/mutator.h"

#include <cstdint>

namespace tessera::fuzz {

// Once; false if there is no address space for it.
[[nodiscard]] bool make_memory();

// Before a run: random numbers, or what a program's image says.
void fill_memory(std::uint64_t seed, const safeir::ProgramImage* image);
[[nodiscard]] std::uint64_t hash_of_memory(std::uint64_t start);
// Half of a secret is enough, wherever it begins.
[[nodiscard]] bool memory_holds(std::uint64_t secret);

// What another core might write at any time.
void scribble_all(Random& random);

// The program's own growth, in pages of 64 KiB; the old size, or none.
[[nodiscard]] std::uint32_t grow_memory(std::uint32_t pages);
[[nodiscard]] std::uint32_t memory_pages();
[[nodiscard]] bool is_in_memory(std::uint64_t offset, std::uint64_t length);

}  // namespace tessera::fuzz
