// Safe IR has a limit for the cases of a switch, since code generation takes quadratic time for them.
#pragma once

#include "llvm/IR/Function.h"

namespace tessera::safeir {

// Divides each switch of more cases than the wire form has into smaller ones behind comparisons.
void split_switches(llvm::Function& function);

}  // namespace tessera::safeir
