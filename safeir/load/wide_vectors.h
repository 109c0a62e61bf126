// Vectors of more than 256 bits, as a program's source spells them out (docs/decisions/006).
#pragma once

#include "safeir/load/cpu_features.h"

#include "llvm/IR/Module.h"

namespace tessera::safeir {

// Whether the function keeps such a vector in a variable, reads or writes memory with one to compute on it, or passes
// one. What the vectoriser leaves in between is none: it only takes apart what it reads, and widens in passing.
// All functions that pass a wide vector to each other have to be compiled alike: it goes by one register or by two.
[[nodiscard]] bool works_on_wide_vectors(const llvm::Function& function);

// Whether code of the program is another one with these features than with fewer.
[[nodiscard]] bool is_useful(Features features, const llvm::Module& program);

}  // namespace tessera::safeir
