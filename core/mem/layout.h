// The address space, from bottom to top. There is one, shared by all cores and all code.
//
//   0                                 never mapped below the image
//   16 MiB                            the kernel image, identity mapped
//   image end .. 2 GiB                only by request (MAP_32BIT or an address): code near the kernel's own
//   4 GiB .. 64 GiB                   program break
//   64 GiB .. 128 TiB                 mmap
//   kDirectBase + physical            usable memory except the image and the bundle, read-write, never executable
//   kDeviceBase + physical            device registers, uncached
//   kFirmwareBase + physical          bundle and firmware tables, read only
//   kStackBase                        stacks of the nucleus, each with a guard page below
#pragma once

#include <cstdint>

namespace tessera::mem {

inline constexpr std::uint64_t kNearEnd = 0x8000'0000;
inline constexpr std::uint64_t kBreakStart = 0x1'0000'0000;
inline constexpr std::uint64_t kBreakEnd = 0x10'0000'0000;
inline constexpr std::uint64_t kMapStart = 0x10'0000'0000;
inline constexpr std::uint64_t kMapEnd = 0x7fff'ffff'f000;
inline constexpr std::uint64_t kDirectBase = 0xffff'8000'0000'0000;
inline constexpr std::uint64_t kDeviceBase = 0xffff'c000'0000'0000;
inline constexpr std::uint64_t kFirmwareBase = 0xffff'd000'0000'0000;
inline constexpr std::uint64_t kStackBase = 0xffff'e000'0000'0000;
inline constexpr std::uint64_t kPhysicalMax = 0x1000'0000'0000;  // 16 TiB: what the windows above hold

// Set by boot/link/pc.ld.
extern "C" {
extern const char nucleus_image_start[];
extern const char nucleus_rodata_start[];
extern const char nucleus_rodata_end[];
extern const char nucleus_text_start[];
extern const char nucleus_text_end[];
extern const char nucleus_data_start[];
extern const char nucleus_data_end[];
extern const char nucleus_symbols[];  // starts with a trap::SymbolHeader once boot/link/symbols.cpp has run
}

}  // namespace tessera::mem
