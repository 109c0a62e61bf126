// A proof's lines while they are found: what the bytes will say, and what follows from it.
#pragma once

#include "safeir/check/linear.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/BasicBlock.h"

#include <cstdint>

namespace tessera::safeir {

struct Line;

// A line so many times. Without a line: what is left to prove is taken so many times, which for integers is less.
struct Step {
    const Line* line;
    std::int64_t times;
};
// How a fact follows: it is at most the sum of these, by ranges alone.
using Reason = llvm::SmallVector<Step, 2>;

struct Line {
    enum class Kind : std::uint8_t { State, Shape, Exact, Edge, Together, Invariant };
    Kind kind = Kind::State;
    Linear sum;
    bool is_zero = false;  // else at most zero
    Reason steps = {};     // State
    llvm::Value* value = nullptr;
    llvm::Value* other = nullptr;          // Together
    unsigned number = 0;                   // Shape: which; Exact: as a difference; Invariant: which assumption
    const llvm::BasicBlock* to = nullptr;  // Edge
    std::uint64_t path = 0;
    bool is_at_hand = false;
    bool is_reversed = false;
    bool is_rounded = false;
    llvm::SmallVector<const Line*, 2> premises = {};  // Exact, Edge; null: by ranges alone
};

}  // namespace tessera::safeir
