// Intrinsics on truth values and on integers of odd width, in operations that safe IR has.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// The optimiser makes them of bit-fields, comparisons and _BitInt. What can't be expanded stays, and is refused later.
void expand_odd_intrinsics(llvm::Module& module);

}  // namespace tessera::lower
