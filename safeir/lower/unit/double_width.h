// Takes integers of up to 256 bits apart into two of 128: the optimiser makes them of multiplications of 128-bit
// numbers whose upper half is wanted (Rust's formatting of u128 does that).
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// Functions that do something rarer with such numbers stay as they are, and are refused later.
void divide_double_width(llvm::Module& module);

}  // namespace tessera::lower
