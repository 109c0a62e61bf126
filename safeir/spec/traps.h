// Reasons of deliberate traps, by safeir/spec/traps.def.
#pragma once

#include <cstdint>

namespace tessera::safeir {

enum class TrapReason : std::uint8_t {
#define TESSERA_TRAP(code, name, sentence) name = (code),
#include "safeir/spec/traps.def"
#undef TESSERA_TRAP
};

}  // namespace tessera::safeir
