// Where things are: the source tree, the build folder, and the tools that the build made.
#pragma once

#include <filesystem>
#include <string>

namespace tessera::tool {

struct Workspace {
    std::filesystem::path root;   // the source tree
    std::filesystem::path build;  // meson's build folder

    [[nodiscard]] std::filesystem::path tool() const;         // this program
    [[nodiscard]] std::filesystem::path entry() const;        // ./tessera, what other programs are told to call
    [[nodiscard]] std::filesystem::path compiler() const;     // cc and ar
    [[nodiscard]] std::filesystem::path inspector() const;    // check and dis
    [[nodiscard]] std::filesystem::path generator() const;    // machine code for bundles
    [[nodiscard]] std::filesystem::path hosted() const;       // the kernel as a Linux process
    [[nodiscard]] std::filesystem::path lender() const;       // the same, which lends programs memory
    [[nodiscard]] std::filesystem::path kernel() const;       // the kernel for bare machines
    [[nodiscard]] std::filesystem::path schema_tool() const;  // schema, decode and encode
    [[nodiscard]] std::filesystem::path schemas() const;      // the standard schemas' import path
    [[nodiscard]] std::filesystem::path apps() const;         // what was built of applications
    [[nodiscard]] std::filesystem::path sources() const;      // third-party source packages
};

// From TESSERA_ROOT and TESSERA_BUILD as ./tessera sets them, else from where this program lies.
[[nodiscard]] Workspace find_workspace();

}  // namespace tessera::tool
