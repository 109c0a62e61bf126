// The lists of the wire form, by safeir/wire/lists.def.
#pragma once

#include <cstdint>
#include <string_view>

namespace tessera::safeir::wire {

enum class List : std::uint8_t {
#define TESSERA_LIST(name, words, most, bytes) name,
#include "safeir/wire/lists.def"
#undef TESSERA_LIST
};

struct ListEntry {
    std::string_view name;   // of the enumerator
    std::string_view words;  // as a refusal calls it
    std::uint32_t most;
    std::uint32_t bytes;  // of memory, each
};

inline constexpr ListEntry kLists[] = {
#define TESSERA_LIST(name, words, most, bytes) {#name, words, most, bytes},
#include "safeir/wire/lists.def"
#undef TESSERA_LIST
};

constexpr const ListEntry& entry(List list) { return kLists[static_cast<unsigned>(list)]; }

}  // namespace tessera::safeir::wire
