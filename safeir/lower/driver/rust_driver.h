// Rust: rustc makes one module of bitcode out of a crate, what it depends on, and std; the rest is the linker's.
#pragma once

#include "safeir/lower/driver/options.h"

#include <string>

namespace tessera::lower {

[[nodiscard]] bool is_rust(const std::string& path);

// Compiles a crate's root file to bitcode with std in it, for `tessera cc`. `object` is what a
// rule for make calls the product. The exit status; what is wrong is said.
[[nodiscard]] int compile_rust(const CcOptions& options,
                               const std::string& source,
                               const std::string& bitcode,
                               const std::string& object);

// `tessera rustc`: takes rustc's command line. A program crate becomes a program in safe IR, a library stays rustc's.
int rustc_main(int argc, char** argv);

}  // namespace tessera::lower
