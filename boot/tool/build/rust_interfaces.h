// What a Rust program calls and serves objects by: the crates `tessera` and `interfaces`, a module for each schema, and
// an archive of the C functions that those call, since rustc knows no capabilities (docs/notes/rust.md).
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/build/manifest.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera::tool {

struct RustInterfaces {
    std::vector<std::string> compile_words;       // for `tessera cc -c main.rs`
    std::vector<std::filesystem::path> crates;    // what a program has to be compiled again for
    std::vector<std::filesystem::path> archives;  // behind the program when it is linked
};

// True if a program of these sources has to be compiled with them.
[[nodiscard]] bool wants_rust_interfaces(const ProgramSpec& program);

// Makes them in the program's `folder`, behind its schemas' headers; what all programs share once for the workspace.
// Does only what is out of date.
[[nodiscard]] Result<RustInterfaces>
make_rust_interfaces(const Workspace& workspace, const ProgramSpec& program, const std::filesystem::path& folder);

}  // namespace tessera::tool
