// Makes code easy for LLVM's fast instruction selection, which leaves what it doesn't know to the slow one, often with
// the rest of the block: a few such instructions took as long as all others.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::safeir {

// Relies on there being no poison and no undefined behaviour, as in all checked code.
void ease_selection(llvm::Module& module);

}  // namespace tessera::safeir
