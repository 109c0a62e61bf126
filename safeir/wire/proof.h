// Proofs as they travel behind a function's body: numbers shared by who writes and who checks them.
// docs/safeir/proofs.md describes the layout.
#pragma once

#include <cstdint>

namespace tessera::safeir::wire {

// The low three bits of a line's first byte. The upper five are a small number, 31 standing for one that follows.
enum ProofLine : std::uint8_t {
    kGoal,      // closes what is to be proven; number of steps, steps
    kState,     // a sum of its own; number of steps, sum, steps
    kShape,     // what an operation says; which of it, value
    kExact,     // an operation that doesn't wrap; 1: as a difference; value, premise
    kEdge,      // a condition; flags, [block], [path], premises
    kTogether,  // bits of one number apart; value, value
};
inline constexpr unsigned kSmallNumbers = 31;
enum EdgeFlag : unsigned { kEdgeHasPath = 1, kEdgeAtHand = 2, kEdgeReversed = 4 };

}  // namespace tessera::safeir::wire
