// C++ exceptions without anything that unwinds: a throw leaves the exception in a variable, and each call that may
// throw is followed by a test of it. On linked programs.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace llvm {
class Module;
}

namespace tessera::lower {

// What the lowered program calls and no source names (apps/sdk/cxx/unwind.cpp): stays until exceptions are lowered.
bool is_exception_runtime(llvm::StringRef name);

// Leaves no invoke, landing pad or resume in the program. Unused functions should be gone: who may throw is found by
// who calls whom.
void lower_exceptions(llvm::Module& program);

}  // namespace tessera::lower
