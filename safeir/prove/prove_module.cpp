#include "safeir/prove/prove_module.h"

#include "safeir/check/function_checker.h"
#include "safeir/prove/certificate.h"

namespace tessera::safeir {

ModuleProofs::ModuleProofs(std::span<const FunctionNotes> functions) {
    const Limits limits;
    for (const FunctionNotes& notes : functions) {
        if (notes.obligations.empty() || FunctionChecker(notes, limits).check_code()) {
            continue;
        }
        Dominators dominators;
        dominators.calculate(*notes.function);
        FactProver prover(*notes.function, dominators);
        (void)prover.prove_all(notes.obligations);
        bytes_[notes.function] = write_certificate(*notes.function, prover);
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
