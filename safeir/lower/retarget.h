// Turns the WebAssembly front end's module into one for x86-64 with 32-bit pointers.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// Fails (with a sentence) for a module that has other pointers than the front end's.
[[nodiscard]] std::string retarget(llvm::Module& module);

// True for a module that came from `tessera cc`, so that its optimisation is done.
[[nodiscard]] bool is_retargeted(const llvm::Module& module);

extern const char* const kProgramTriple;
extern const char* const kProcessor;
extern const char* const kFeatures;

}  // namespace tessera::lower
