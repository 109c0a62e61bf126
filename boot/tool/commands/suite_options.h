// The words of `tessera test --suite`: files, folders and lists of files, our own options, and the compiler's.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tessera::tool {

struct SuiteOptions {
    std::vector<std::filesystem::path> files{};  // in the order given; a folder's own sorted by name
    std::vector<std::string> compiler{};         // for `tessera cc`, as given
    unsigned jobs = 0;                           // 0: as many as there are processors
    std::chrono::milliseconds timeout{10000};    // of a program's run
    std::filesystem::path json{};                // empty: none
};

// A word @FILE stands for the words in that file. Lists may name lists, to a small depth.
[[nodiscard]] Result<SuiteOptions> parse_suite_words(const std::vector<std::string>& words);

}  // namespace tessera::tool
