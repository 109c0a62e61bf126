// The source tree, as the tests of it see it.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace tessera::tidy {

inline std::filesystem::path root() {
    const char* given = std::getenv("TESSERA_ROOT");
    return given != nullptr ? std::filesystem::path(given) : std::filesystem::path(TESSERA_SOURCE_ROOT);
}

inline std::string read(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// All files in these folders of the root, by their paths from there, sorted.
inline std::vector<std::filesystem::path> files_below(const std::vector<std::string>& folders) {
    std::vector<std::filesystem::path> found;
    for (const std::string& folder : folders) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder)) {
            if (entry.is_regular_file()) {
                found.push_back(entry.path().lexically_relative(root()));
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

// One line for each fault, for a test that wants none.
inline std::string places(const std::vector<std::string>& faults) {
    std::string text;
    for (const std::string& fault : faults) {
        text += fault + "\n";
    }
    return text;
}

}  // namespace tessera::tidy
