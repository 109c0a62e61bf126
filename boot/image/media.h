// Bootable media: an ISO for CDs and sticks, a raw disk, a qcow2 disk. Each starts by BIOS and by UEFI, through a GRUB
// that holds only what it needs: it reads two files and jumps. No loop devices, no mounts, no privileges.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace tessera::tool {

struct MediaContent {
    std::filesystem::path kernel;
    std::filesystem::path bundle;
    std::string command_line;
    std::string label;  // the volume's name
};

[[nodiscard]] Result<void> make_iso(const MediaContent& content, const std::filesystem::path& target);
[[nodiscard]] Result<void> make_raw_disk(const MediaContent& content, const std::filesystem::path& target);
[[nodiscard]] Result<void> make_qcow2_disk(const MediaContent& content, const std::filesystem::path& target);

}  // namespace tessera::tool
