// Whole files and scratch folders.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace tessera::tool {

[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& file);
// Written under another name first, so that no reader and no crash ever sees half of it.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& file, std::string_view bytes);
[[nodiscard]] Result<void> make_folder(const std::filesystem::path& folder);

// A folder that goes away with the object.
class ScratchFolder {
  public:
    static Result<ScratchFolder> create();
    ScratchFolder(ScratchFolder&& other) noexcept;
    ScratchFolder& operator=(ScratchFolder&& other) noexcept;
    ~ScratchFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

// Only one process at a time may hold the lock of a folder; the others wait.
class FolderLock {
  public:
    static Result<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;
    ~FolderLock();

  private:
    explicit FolderLock(int file) : file_(file) {}
    int file_ = -1;
};

}  // namespace tessera::tool
