// Takes out of rustc's module for x86-64 Linux what a program can't have: unwinding, processor-specific instructions,
// choices made by cpuid, calls with variable arguments, the loader's lists of start functions.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

void adopt_rust_module(llvm::Module& module);

// Calls of functions that C declares with variable arguments and the SDK defines with all of them (open, fcntl,
// syscall): missing ones are zero. To be called when all is linked.
void complete_calls(llvm::Module& program);

}  // namespace tessera::lower
