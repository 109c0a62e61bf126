// From a manifest to a bundle: compiles what has changed, generates code where it helps, gathers the files.
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/build/manifest.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera::tool {

enum class CodeCache : unsigned char {
    Generate,  // put machine code for the usual processors into the bundle
    Leave,     // the kernel generates it when it needs it
};

struct BuiltApp {
    std::filesystem::path folder;                 // where its products lie
    std::filesystem::path bundle;                 // the archive that the kernel is handed
    std::vector<std::filesystem::path> programs;  // the .sir of each program, in the manifest's order
};

// Where the products of an application lie, built or not.
[[nodiscard]] std::filesystem::path app_folder(const Workspace& workspace, const Manifest& manifest);

// Builds every program of the manifest and the bundle. Does nothing that is already up to date.
[[nodiscard]] Result<BuiltApp> build_app(const Workspace& workspace, const Manifest& manifest, CodeCache cache);

// The manifest of what is to be run or built: an application's folder or .toml, or a single file, which stands for one
// program with console, clock and randomness: a source, a program in safe IR whatever it is called, bitcode.
[[nodiscard]] Result<Manifest> manifest_of(const Workspace& workspace, const std::filesystem::path& target);

}  // namespace tessera::tool
