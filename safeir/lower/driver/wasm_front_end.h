// WebAssembly modules: wabt's wasm2c makes C of them, with every bounds check that WebAssembly wants, and clang the
// rest.
#pragma once

#include "safeir/lower/driver/options.h"

#include <string>

namespace tessera::lower {

// A module, as binary (.wasm) or as text (.wat).
[[nodiscard]] bool is_wasm(const std::string& path);

// Compiles a module to bitcode with a start function. `object` is what the user will call the result. The exit status;
// what is wrong is said.
[[nodiscard]] int compile_wasm(const CcOptions& options,
                               const std::string& source,
                               const std::string& bitcode,
                               const std::string& object);

}  // namespace tessera::lower
