// llvm.is.fpclass in integer operations.
#pragma once

#include "llvm/IR/IRBuilder.h"

namespace tessera::lower {

// An i1 (or a vector of them): whether x is in one of the classes of `mask` (llvm::FPClassTest).
llvm::Value* expand_float_class(llvm::IRBuilderBase& builder, llvm::Value* x, unsigned mask);

}  // namespace tessera::lower
