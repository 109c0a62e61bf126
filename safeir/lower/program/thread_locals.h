// Variables that each thread of a program has for itself.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

// Of a program that starts threads (it has the SDK's `tessera_thread_bytes`, apps/sdk/threads) they become the fields
// of one struct, which is the first thread's own; another thread's lies as far from it as the kernel's word for its
// entry says (the import tessera_domain/local). Of any other program they become ordinary variables.
void lower_thread_locals(llvm::Module& program, Diagnostics& diagnostics);

}  // namespace tessera::lower
