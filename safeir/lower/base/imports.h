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

// On what is a method of an interface: the letters of its parameters behind the object (program/methods.h).
inline constexpr const char* kMethodParameters = "tessera.method";
// Whether calls of it cross into another domain, and so take the caller's stack pointer along.
[[nodiscard]] bool is_method_import(const llvm::Function& function);

}  // namespace tessera::lower
