// What clang says of imported and exported functions, by the attributes of WebAssembly.
#pragma once

#include "llvm/IR/Function.h"

namespace tessera::lower {

inline constexpr llvm::StringLiteral kImportModule = "wasm-import-module";
inline constexpr llvm::StringLiteral kImportName = "wasm-import-name";
inline constexpr llvm::StringLiteral kExportName = "wasm-export-name";

// The module of an imported function, or nothing.
[[nodiscard]] llvm::StringRef import_module_of(const llvm::Function& function);
[[nodiscard]] llvm::StringRef import_name_of(const llvm::Function& function);

}  // namespace tessera::lower
