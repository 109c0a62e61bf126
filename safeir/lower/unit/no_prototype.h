// Calls of functions that were declared without parameters, as C before C23 allows.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// The front end writes them as variadic; they are calls of a function with just the parameters that are given.
void give_prototypes(llvm::Module& module);

}  // namespace tessera::lower
