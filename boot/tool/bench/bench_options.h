// What `tessera bench` was asked for.
#pragma once

#include <filesystem>
#include <string>

namespace tessera::tool {

struct BenchOptions {
    std::string name{};
    bool json = false;
    unsigned rounds = 5;
    std::string filter{};
    std::filesystem::path plot{};
};

}  // namespace tessera::tool
