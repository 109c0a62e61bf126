// Gives what is undefined a value, before code generation would take whatever a register holds.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::safeir {

// A checked module has no undefined value, but LLVM makes some: a conversion of a constant that is out of range becomes
// poison, and its freeze any value, the last one of a register included. Scalars, and vectors where they are not only
// filled in or shuffled, become zero.
void settle_undefined(llvm::Module& module);

}  // namespace tessera::safeir
