// A vector loop over conditional accesses needs masked loads and stores. The cost model of AVX2 has them cheap, safe IR
// has none, and taken apart again each becomes a branch a lane. So such loops are left as they are.
#pragma once

#include "llvm/IR/PassManager.h"

namespace tessera::lower {

class KeepMaskedLoopsScalar : public llvm::PassInfoMixin<KeepMaskedLoopsScalar> {
  public:
    llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace tessera::lower
