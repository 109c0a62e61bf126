// A program's file that Linux can start: a line for Linux (`#!` and who runs it) before the program's own bytes. Tools
// of the host skip it; bundles, and so the kernel, never have it (docs/decisions/015).
#pragma once

#include <cstddef>
#include <string_view>

namespace tessera {

inline constexpr std::size_t kLauncherBytesMax = 4096;

// How many bytes at the file's begin are for Linux.
[[nodiscard]] constexpr std::size_t launcher_bytes(std::string_view file) {
    constexpr std::string_view kProgramAfterLine = "\nTSIR";
    if (!file.starts_with("#!")) {
        return 0;
    }
    const auto end = file.substr(0, kLauncherBytesMax).find(kProgramAfterLine);
    return end == std::string_view::npos ? 0 : end + 1;
}

[[nodiscard]] constexpr std::string_view without_launcher(std::string_view file) {
    return file.substr(launcher_bytes(file));
}

}  // namespace tessera
