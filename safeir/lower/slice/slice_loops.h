// Loops over borrowed slices: checks before them instead of in them, and vectors.
//
// An accessor of tessera/slice.h is a call that may trap, so the vectoriser leaves a loop around it alone. Right before
// the vectoriser, an innermost loop whose accesses go up or down by a number a turn is *opened*: there is one test in
// front of it whether all accesses of all turns are inside their slices, and that slices which are written are apart
// from the others. Behind it the accesses are plain loads and stores of memory of their own; where the test fails, the
// loop runs as it was written, and traps where it has to. After the vectoriser what it made of them is *closed* again:
// accessors that move vectors, for which the checker needs a proof like for any other.
#pragma once

#include "llvm/IR/PassManager.h"

namespace tessera::lower {

class VectoriseSliceLoops : public llvm::PassInfoMixin<VectoriseSliceLoops> {
  public:
    llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace tessera::lower
