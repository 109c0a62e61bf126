// What is known of opened loops between opening and closing them (slice_loops.h).
#pragma once

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/PassManager.h"
#include "llvm/IR/ValueHandle.h"

#include <vector>

namespace tessera::lower {

// Of x86's address spaces the one with 64-bit pointers, for opened accesses.
inline constexpr unsigned kSliceSpace = 272;
// A call that stands for where an opened slice begins.
inline constexpr const char* kOpenSlice = "tessera.slice.open";
inline constexpr std::int64_t kSliceStepMax = 1 << 20;

// What is left to be closed of an access that was opened, where the vectoriser has left it alone.
struct Opened {
    llvm::WeakVH access;
    llvm::Function* accessor;
    llvm::WeakTrackingVH slice;
    llvm::WeakTrackingVH offset;
};

// A loop that was made twice.
struct Versioned {
    llvm::WeakVH header;         // of the fast one
    llvm::WeakVH choice;         // of it, the branch to it
    llvm::WeakVH choice_apart;   // where slices have to be apart, too: null if not
    bool may_be_proven = false;  // that it needs no checks as it was written
};

struct SliceWork {
    std::vector<Opened> accesses;
    std::vector<Versioned> loops;
};

// slice_opening.cpp: false where nothing is to be gained.
bool open_slices(llvm::Loop& loop, llvm::Function& function, llvm::FunctionAnalysisManager& analyses, SliceWork& work);

// slice_closing.cpp: false where not all that was opened can be closed. Then the function is of no use.
bool close_slices(llvm::Function& function, const SliceWork& work);

}  // namespace tessera::lower
