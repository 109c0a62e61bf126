// Checking a module in checked form: does every rule hold?
//
// The module is the reader's, which makes every operation defined and every type, flag and shape as it must be; tests
// check that again (safeir/recheck). It also notes what each access owes, since it knows what an address is made of.
// Two questions are left for here: is every value there before it is used (function_checker), and does the proof that
// travels with a function show that its accesses stay inside their bounds (proof_checker)?
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/check/obligation.h"

#include <optional>
#include <span>

namespace tessera::safeir {

// The first refusal, or nothing. Linear in the size of the functions and of their proofs. Nothing is changed.
[[nodiscard]] std::optional<Refusal> check_module(std::span<const FunctionNotes> functions, const Limits& limits = {});

}  // namespace tessera::safeir
