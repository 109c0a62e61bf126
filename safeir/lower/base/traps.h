// The reasons of deliberate traps, from the specification.
#pragma once

namespace tessera::lower {

enum TrapReason : unsigned {
#define TESSERA_TRAP(code, name, text) kTrap##name = code,
#include "safeir/spec/traps.def"
#undef TESSERA_TRAP
};

}  // namespace tessera::lower
