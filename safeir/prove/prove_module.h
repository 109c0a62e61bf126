// The proofs of a module in checked form, for all its functions.
#pragma once

#include "safeir/check/obligation.h"

#include "llvm/ADT/DenseMap.h"

#include <cstddef>
#include <vector>

namespace tessera::safeir {

using Proofs = llvm::DenseMap<const llvm::Function*, std::span<const std::byte>>;

class ModuleProofs {
  public:
    // Of functions that the checker has nothing else against. What can't be proven has an empty proof.
    explicit ModuleProofs(std::span<const FunctionNotes> functions);

    [[nodiscard]] const std::vector<std::byte>* of(const llvm::Function& function) const;
    [[nodiscard]] Proofs all() const;

  private:
    llvm::DenseMap<const llvm::Function*, std::vector<std::byte>> bytes_;
};

}  // namespace tessera::safeir
