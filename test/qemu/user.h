// A user at the command line: runs the tool, and QEMU by hand, and looks at what comes back.
#pragma once

#include "boot/tool/base/process.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera::test {

// The source tree, and the build that is tested.
[[nodiscard]] std::filesystem::path root();
[[nodiscard]] std::filesystem::path tool_path();

struct Seen {
    int status = -1;
    std::string output;  // standard output and error together, carriage returns taken out
    double seconds = 0;
    [[nodiscard]] bool says(const std::string& text) const { return output.find(text) != std::string::npos; }
};

// `tessera WORDS`; a relative path is below the source tree. `input_file` is its standard input.
[[nodiscard]] Seen call(const std::vector<std::string>& words, const std::string& input_file = "/dev/null");

// The same words by a shell, with what it makes of them: pipes, other places for output. `input` is a command.
[[nodiscard]] Seen shell(const std::string& words, const std::string& input = "true");

// Any program, as a person would start it.
[[nodiscard]] Seen command(const std::vector<std::string>& words,
                           const std::vector<std::pair<std::string, std::string>>& environment = {},
                           const std::string& folder = "");

// Whether this machine can compile Rust, which the set-up does not install.
[[nodiscard]] bool has_rust();

// What test/qemu/programs/parallel.cpp prints on any number of cores.
inline constexpr const char* kParallel = "fib 46368\nqueens 40 0888df65\n"
                                         "sum right, most 100002, counts 0:42858 1:42857 2:42857 3:42857 4:42857 "
                                         "5:42857 6:42857\nreduce 32cf6917\n"
                                         "sort right, scan right, tiles right\ncaught 50\n";

}  // namespace tessera::test
