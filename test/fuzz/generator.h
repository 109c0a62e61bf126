// Random programs near the edges of the rules: .sir files that the reader takes, and that the checker takes mostly.
//
// Control flow is structured (branches, switches, counted loops, early exits), so values dominate their uses; what is
// random is what flows: widths, vectors, masks, offsets around 0 and 4 GiB, displacements around the guard, slices with
// natural, wrong and nearly right checks, frames, tables, calls of every kind, capabilities, atomics, block operations.
#pragma once

#include "test/fuzz/mutator.h"

#include <cstdint>

namespace tessera::fuzz {

struct Generated {
    Bytes sir;
    // No floating point, whose NaNs may have any bits: then every way of compiling gives the same numbers.
    bool deterministic = true;
};

// The same program for the same number. Exports "go", (i32, capability) -> i32; imports "t/cap", "t/use", "t/ro",
// "t/rw", "t/number".
//
// `most`: how many statements each function may have at most, to make an interesting program smaller; functions beyond
// its end have as many as they like.
[[nodiscard]] Generated generate_program(std::uint64_t number, const std::vector<unsigned>& most = {});

// One for the kernel itself, without floats and slices. It exports "report", (i32, console) -> i32, which calls "go"
// and writes "P<number> <what it gave> <a sum of its memory>", both in hexadecimal, as a line.
[[nodiscard]] Generated generate_for_kernel(std::uint64_t number);

}  // namespace tessera::fuzz
