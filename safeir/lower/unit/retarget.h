// Turns a front end's module into one for x86-64: with 32-bit pointers where it comes from the WebAssembly front end,
// with 64-bit ones ("wide", of which the low 32 bits count) where it comes from rustc.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// Fails (with a sentence) for a module from elsewhere.
[[nodiscard]] std::string retarget(llvm::Module& module);

// True for a module that was prepared before, so that its optimisation is done.
[[nodiscard]] bool is_retargeted(const llvm::Module& module);

// Whether pointers take 64 bits in memory.
[[nodiscard]] bool is_wide(const llvm::Module& module);

extern const char* const kProgramTriple;
extern const char* const kWideTriple;
extern const char* const kProcessor;
extern const char* const kFeatures;

}  // namespace tessera::lower
