// Checking a module in checked form: does every rule hold?
//
// The module is the reader's, which makes every operation defined and every type, flag and shape as it must be; tests
// check that again (safeir/recheck). What depends on the program is asked here, in three places: what must hold at an
// instruction (function_checker), where a pointer comes from (provenance), and whether an access is inside its bounds
// (proof_checker).
#pragma once

#include "safeir/check/checked_module.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Function.h"

#include <optional>
#include <span>

namespace tessera::safeir {

// The proof of each function that has one.
using Proofs = llvm::DenseMap<const llvm::Function*, std::span<const std::byte>>;

// The first refusal, or nothing. Linear in the size of the module and of the proofs. `module` is not changed.
[[nodiscard]] std::optional<Refusal>
check_module(llvm::Module& module, const Proofs& proofs, const Limits& limits = {});

}  // namespace tessera::safeir
