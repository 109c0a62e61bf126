#include "safeir/check/check_module.h"

#include "safeir/check/function_checker.h"

#include "llvm/IR/Module.h"

namespace tessera::safeir {

std::optional<Refusal> check_module(llvm::Module& module, const Limits& limits) {
    std::uint64_t proof_work = 0;
    for (llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            if (auto refusal = FunctionChecker(function, limits).check(proof_work)) {
                return refusal;
            }
        }
    }
    return std::nullopt;
}

}  // namespace tessera::safeir
