// What must hold for any bytes at all: checking ends, with an answer, in bounded memory; and what is accepted is
// well-formed to LLVM's verifier.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace tessera::fuzz {

struct Outcome {
    bool accepted = false;
    std::string problem;  // empty: as it must be
};
[[nodiscard]] Outcome try_program(std::span<const std::byte> sir, bool generate);

}  // namespace tessera::fuzz
