// Checking a module in checked form: does every rule hold?
//
// The checker trusts nothing: neither who built the module nor that LLVM's verifier saw it. It asks three questions, in
// three places: what must hold at an instruction (function_checker), where a pointer comes from (provenance), and
// whether an access is inside its bounds (facts).
#pragma once

#include "safeir/check/checked_module.h"

#include <optional>

namespace tessera::safeir {

// The first refusal, or nothing. Linear in the size of the module. `module` is not changed.
[[nodiscard]] std::optional<Refusal> check_module(llvm::Module& module, const Limits& limits = {});

}  // namespace tessera::safeir
