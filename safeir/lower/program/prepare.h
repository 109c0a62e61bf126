// Rewrites a linked program until only what the lowering proper handles is left.
#pragma once

#include "safeir/lower/base/diagnostics.h"

#include "llvm/IR/Module.h"

namespace tessera::lower {

struct ProgramOptions;

// Constructors, start code, aliases, thread-local variables, exports, imports; what nothing reaches is dropped, and
// what is undefined is said.
void prepare_program(llvm::Module& program, const ProgramOptions& options, Diagnostics& diagnostics);

// Function attribute of what a program exports: "tessera.export"="name".
inline constexpr const char* kExportAttribute = "tessera.export";
inline constexpr const char* kImportAttribute = "tessera.import";

// The module of an imported function, or nothing.
[[nodiscard]] llvm::StringRef import_module_of(const llvm::Function& function);
[[nodiscard]] llvm::StringRef import_name_of(const llvm::Function& function);

}  // namespace tessera::lower
