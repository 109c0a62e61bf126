#include "safeir/check/check_module.h"

#include "safeir/check/function_checker.h"

#include "llvm/IR/Module.h"

namespace tessera::safeir {

std::optional<Refusal> check_module(llvm::Module& module, const Proofs& proofs, const Limits& limits) {
    for (llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            if (auto refusal = FunctionChecker(function, limits).check(proofs.lookup(&function))) {
                return refusal;
            }
        }
    }
    return std::nullopt;
}

}  // namespace tessera::safeir
