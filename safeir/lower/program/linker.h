// Links objects and archives of bitcode into one module, as a linker does with machine code.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/unit/optimise.h"

#include "llvm/IR/Module.h"

#include <memory>
#include <string>
#include <vector>

namespace tessera::lower {

struct LinkInputs {
    std::vector<std::string> objects;
    // Searched again and again until nothing more comes in: their order does not matter.
    std::vector<std::string> archives;
    std::vector<std::string> libraries;       // the C library, for a program with 32-bit pointers
    std::vector<std::string> wide_libraries;  // for one with 64-bit pointers
    std::string long_double_archive;  // searched before the others by a program that uses long double, and by no other
    bool keeps_wasi = false;          // as imports, instead of the SDK's library
    std::string start;  // the start code's symbol; left out by a program with an entry of its own (tessera_main)
    std::vector<std::string> wanted;  // symbols to look for though nothing refers to them yet
};

// Called with the name of what is being read, so that a crash of LLVM's reader can be laid at its door.
using Progress = void (*)(const char* what);

std::unique_ptr<llvm::Module> link_modules(const LinkInputs& inputs,
                                           llvm::LLVMContext& context,
                                           OptimiseOptions options,
                                           Progress progress,
                                           Diagnostics& diagnostics);

}  // namespace tessera::lower
