// setjmp and longjmp, rewritten before optimisation into calls of the kernel helpers try and throw.
#pragma once

#include "llvm/IR/Module.h"

#include "safeir/lower/diagnostics.h"

namespace tessera::lower {

void lower_setjmp(llvm::Module& module, Diagnostics& diagnostics);

}  // namespace tessera::lower
