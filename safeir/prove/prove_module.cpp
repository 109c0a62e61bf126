#include "safeir/prove/prove_module.h"

#include "safeir/check/function_checker.h"
#include "safeir/prove/certificate.h"

#include "llvm/IR/Module.h"

namespace tessera::safeir {

ModuleProofs::ModuleProofs(llvm::Module& module) {
    const Limits limits;
    for (llvm::Function& function : module) {
        if (function.isDeclaration()) {
            continue;
        }
        FunctionChecker checker(function, limits);
        (void)checker.check({});
        if (checker.obligations().empty()) {
            continue;
        }
        Dominators dominators;
        dominators.calculate(function);
        FactProver prover(function, dominators);
        (void)prover.prove_all(checker.obligations());
        bytes_[&function] = write_certificate(function, prover);
    }
}

const std::vector<std::byte>* ModuleProofs::of(const llvm::Function& function) const {
    const auto found = bytes_.find(&function);
    return found != bytes_.end() ? &found->second : nullptr;
}

Proofs ModuleProofs::all() const {
    Proofs proofs;
    for (const auto& [function, bytes] : bytes_) {
        proofs[function] = bytes;
    }
    return proofs;
}

}  // namespace tessera::safeir
