// The bundle's byte layout (docs/image.md): header, entry table, names, then the files' bytes, each on a page boundary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tessera::bundle {

inline constexpr std::array<char, 8> kMagic = {'T', 'E', 'S', 'S', 'B', 'N', 'D', 'L'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint64_t kPageBytes = 4096;
inline constexpr std::uint32_t kEntriesMax = 1U << 20U;
inline constexpr std::uint32_t kNameBytesMax = 4096;
inline constexpr const char* kManifestName = "manifest";

struct HeaderLayout {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t entry_count;
    std::uint64_t total_bytes;   // of the whole bundle; what follows is the loader's padding
    std::uint64_t names_offset;  // of the name bytes, from the bundle's start
    std::uint64_t names_bytes;
};
static_assert(sizeof(HeaderLayout) == 40 && offsetof(HeaderLayout, names_bytes) == 32);

// Entries are sorted by name (byte order), names are unique.
struct EntryLayout {
    std::uint64_t offset;  // multiple of kPageBytes
    std::uint64_t bytes;
    std::uint32_t name_offset;  // from names_offset
    std::uint32_t name_bytes;
};
static_assert(sizeof(EntryLayout) == 24);

}  // namespace tessera::bundle
