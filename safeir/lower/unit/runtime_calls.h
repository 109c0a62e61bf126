// Operations that x86-64 has no instruction for become calls of the C library or the SDK's runtime.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// After a unit's optimisation, so that the optimiser knew what they mean: remainders of floating point, mathematical
// functions, 128-bit division, and everything on long double (which stays a type, without operations).
void use_runtime_calls(llvm::Module& module);

}  // namespace tessera::lower
