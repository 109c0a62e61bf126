// A proof that travels, for people: its lines in words, and what each access takes of them.
#pragma once

#include "llvm/IR/Function.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

struct ProofText {
    struct Line {
        std::string text;
        const llvm::Instruction* from = nullptr;  // the branch of a condition, the first of a block with an invariant
        bool is_invariant = false;
        std::vector<std::size_t> takes;  // earlier lines
    };
    std::vector<Line> lines;
    // For each obligation, in their order: the lines that it takes, and all that those take in turn.
    std::vector<std::vector<std::size_t>> taken;
};

// Of a function that was accepted with this proof.
[[nodiscard]] ProofText read_proof(llvm::Function& function, std::span<const std::byte> proof, std::size_t obligations);

// "file.c:12", or empty.
[[nodiscard]] std::string place_of(const llvm::Instruction& instruction);

}  // namespace tessera::safeir
