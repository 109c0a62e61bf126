#include "safeir/check/check_module.h"

#include "safeir/check/function_checker.h"

namespace tessera::safeir {

std::optional<Refusal> check_module(std::span<const FunctionNotes> functions, const Limits& limits) {
    for (const FunctionNotes& notes : functions) {
        FunctionChecker checker(notes, limits);
        if (auto refusal = checker.check_code()) {
            return refusal;
        }
        if (auto refusal = checker.check_proof()) {
            return refusal;
        }
    }
    return std::nullopt;
}

}  // namespace tessera::safeir
