// A call as one of the kernel helper tessera.try.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Instructions.h"

namespace tessera::lower {

// Replaces `call` by tessera.try of a function of its own that makes it, arguments and result going through memory.
// Gives what try answered (0: returned); null, with an error said, when an argument can't be in memory.
llvm::Value* call_through_try(llvm::CallInst& call, Diagnostics& diagnostics);

}  // namespace tessera::lower
