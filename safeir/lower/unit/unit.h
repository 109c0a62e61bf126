// One translation unit: from the front end's raw bitcode to an optimised object.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/unit/optimise.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>
#include <string>

namespace tessera::lower {

// Reads bitcode or LLVM assembly. Null, with an error said, when the file is none of them.
// LLVM's readers are not hardened: this is called in a process that may die (see driver.cpp).
std::unique_ptr<llvm::Module>
read_module(const std::string& path, llvm::LLVMContext& context, Diagnostics& diagnostics);
std::unique_ptr<llvm::Module>
read_module(llvm::MemoryBufferRef bytes, llvm::LLVMContext& context, Diagnostics& diagnostics);

// setjmp, variadic functions, the new target, optimisation, library calls. Does nothing to a module that has been
// through it.
bool prepare_unit(llvm::Module& module, OptimiseOptions options, Diagnostics& diagnostics);

bool write_bitcode(const llvm::Module& module, const std::string& path, Diagnostics& diagnostics);
bool write_assembly(const llvm::Module& module, const std::string& path, Diagnostics& diagnostics);

}  // namespace tessera::lower
