// A cache entry's bytes: header, then the packed line table, then the object.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/cpu_features.h"
#include "safeir/load/line_table.h"

#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tessera::safeir {

using Hash = std::array<std::uint8_t, 32>;

// Raised whenever the same checked module may mean other machine code: rules, canonical form, helpers, attributes,
// linking.
inline constexpr std::uint32_t kCodeVersion = 5;

inline constexpr std::array<char, 8> kCacheMagic = {'T', 'E', 'S', 'S', 'C', 'O', 'D', 'E'};

struct CacheHeader {
    std::array<char, 8> magic;
    Hash binding;  // of what the code was made from and for
    Hash payload;  // of everything after the header
    std::uint64_t line_bytes;
    std::uint64_t object_bytes;
};
static_assert(sizeof(CacheHeader) == 88);

// Ties code to program, compiler, processor features and rules.
[[nodiscard]] Hash cache_binding(const ContentHash& program, Features features);

[[nodiscard]] std::vector<std::byte>
encode_cache_entry(const Hash& binding, const LineTable& lines, llvm::StringRef object);

// Whether an entry says that it was made so; it may still be damaged.
[[nodiscard]] bool is_bound_to(std::span<const std::byte> bytes, const Hash& binding);

struct CacheEntry {                    // inside the entry's bytes
    std::span<const std::byte> lines;  // LineTable::unpack
    llvm::StringRef object;
};
[[nodiscard]] Result<CacheEntry> decode_cache_entry(std::span<const std::byte> bytes, const Hash& binding);

}  // namespace tessera::safeir
