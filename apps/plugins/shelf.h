// A plug-in's view of the service's files: one folder, and everything else refused and written down.
#pragma once

#include "plugins.tessera.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <tessera/status.tessera.hpp>
#include <vector>

class FolderShelf final : public plugins::Shelf::Server {
  public:
    explicit FolderShelf(std::string owner) : owner_(std::move(owner)) {}

    tessera::Result<void> read(std::string_view name, tessera::Output& data) override {
        if (name.find('/') != std::string_view::npos || name == "..") {
            std::printf(
                "service: %s asked for %.*s: refused\n", owner_.c_str(), static_cast<int>(name.size()), name.data());
            std::fflush(stdout);
            return tessera::Error{static_cast<std::int32_t>(tessera::Status::Denied)};
        }
        std::FILE* file = std::fopen(("/shelf/" + owner_ + "/" + std::string(name)).c_str(), "rb");
        if (file == nullptr) {
            return tessera::Error{static_cast<std::int32_t>(tessera::Status::NotFound)};
        }
        std::vector<std::byte> bytes(4096);
        bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
        std::fclose(file);
        data.write(bytes);
        return {};
    }

  private:
    std::string owner_;
};
