// Rewrites a linked program until only what the lowering proper handles is left.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

struct ProgramOptions;

// Constructors, start code, aliases, thread-local variables, exports, imports; what nothing reaches is dropped, and
// what is undefined is said.
void prepare_program(llvm::Module& program, const ProgramOptions& options, Diagnostics& diagnostics);

}  // namespace tessera::lower
