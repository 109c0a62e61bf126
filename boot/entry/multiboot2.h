// The handover of a Multiboot2 loader (GRUB, BIOS and UEFI). [multiboot2 2.0] 3.6
#pragma once

#include "core/platform/handoff.h"

namespace tessera::boot {

inline constexpr std::uint32_t kMultiboot2Magic = 0x36d7'6289;

// Copies what is wanted. The tags are read within their stated size only; false if they make no sense.
[[nodiscard]] bool read_multiboot2(const void* information, Handoff& handoff);

}  // namespace tessera::boot
