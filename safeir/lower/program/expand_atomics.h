// Atomic operations that safe IR has no form for become loops around a compare-exchange.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void expand_atomics(llvm::Module& program);

}  // namespace tessera::lower
