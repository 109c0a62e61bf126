// Computed goto (labels as values) becomes a switch over small numbers.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void lower_computed_goto(llvm::Module& module);

}  // namespace tessera::lower
