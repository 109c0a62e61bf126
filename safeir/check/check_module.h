// Checking a module in checked form: does every rule hold?
//
// The module is the reader's, which makes every operation defined and every type, flag and shape as it must be; tests
// check that again (safeir/recheck). What depends on the program is asked here, in three places: what must hold at an
// instruction (function_checker), where a pointer comes from (provenance), and whether an access is inside its bounds
// (facts).
#pragma once

#include "safeir/check/checked_module.h"

#include <optional>

namespace tessera::safeir {

// The first refusal, or nothing. Linear in the size of the module. `module` is not changed.
[[nodiscard]] std::optional<Refusal> check_module(llvm::Module& module, const Limits& limits = {});

}  // namespace tessera::safeir
