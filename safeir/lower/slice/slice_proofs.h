// Which accesses to borrowed slices need a check at run time, and the checks.
//
// The lowering emits accesses without a check and notes what has to hold for each. Here the prover, whose proofs travel
// with the program, is asked which of that it can prove from the program's conditions; for the rest, compares and traps
// are inserted: one for neighbours, before a loop where the loop is counted, and else in front of the access.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/ValueHandle.h"

#include <cstdint>
#include <vector>

namespace tessera::lower {

// variable + constant <= bound, at the anchor: a call of llvm.donothing that stands where a check would.
struct SliceNeed {
    llvm::WeakVH anchor;
    llvm::WeakTrackingVH variable;  // i64
    std::uint64_t constant = 0;
    llvm::WeakTrackingVH bound;              // i64
    llvm::WeakTrackingVH address = nullptr;  // what is accessed, base + variable, where a check may move it
    bool is_access = false;                  // the checker will ask for it, too
    bool helps = false;                      // no access: others may follow from it, so it's checked first, and once
    bool is_checked = false;
};

// Makes a block that traps.
using MakeTrap = llvm::function_ref<llvm::BasicBlock*(const llvm::DebugLoc&)>;

// Inserts what the prover misses, and removes the anchors.
void prove_slices(llvm::Function& function, std::vector<SliceNeed>& needs, MakeTrap make_trap);

}  // namespace tessera::lower
