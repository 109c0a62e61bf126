// Keeps offsets that are loaded around a loop zero-extended, so that no move extends them before each access.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::safeir {

// zext(phi a, b) becomes phi(zext a, zext b) where a way into the phi comes from a load, which extends for nothing:
// code generation looks at one block at a time, and doesn't know that a register from another one is extended. A step
// along a list takes a cycle less. Not for counters, which loop strength reduction has to recognise.
void widen_loaded_phis(llvm::Module& module);

}  // namespace tessera::safeir
