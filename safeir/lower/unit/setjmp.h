// setjmp and longjmp, rewritten before optimisation into calls of the kernel helpers try and throw.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

void lower_setjmp(llvm::Module& module, Diagnostics& diagnostics);

}  // namespace tessera::lower
