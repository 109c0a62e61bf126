// GRUB's core images with just the modules and commands that start Tessera: no menu, no `normal` mode, no wait.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace tessera::tool {

enum class Medium : unsigned char { Iso, Disk };

// The same words as GRUB's own parser takes them, which hands them on quoted in its own way. Not all words survive
// that.
[[nodiscard]] Result<std::string> grub_words(const std::string& command_line);

// El Torito boot file (Iso), or what follows the boot sector (Disk).
[[nodiscard]] Result<void>
make_bios_core(Medium medium, const std::string& command_line, const std::filesystem::path& target);
// BOOTX64.EFI.
[[nodiscard]] Result<void>
make_efi_program(Medium medium, const std::string& command_line, const std::filesystem::path& target);

[[nodiscard]] std::filesystem::path grub_bios_folder();

inline constexpr const char* kKernelPath = "/boot/tessera.elf";
inline constexpr const char* kBundlePath = "/boot/app.bundle";

}  // namespace tessera::tool
