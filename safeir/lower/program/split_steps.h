// Takes constants out of address arithmetic where the lowering wouldn't see them.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// p[c ? 2 : 1] becomes (p + (c ? 1 : 0))[1]: the constant is then part of the access, and not of what it waits for.
void split_steps(llvm::Module& program);

}  // namespace tessera::lower
