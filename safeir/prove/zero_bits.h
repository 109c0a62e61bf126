// How many low bits of a value are zero for sure: the claims of which the checker looks at each in one step.
#pragma once

#include "safeir/check/linear.h"

#include <utility>
#include <vector>

namespace tessera::safeir {

// The value itself is the first; all claims together follow from each other.
[[nodiscard]] std::vector<std::pair<llvm::Value*, unsigned>> claims_of(llvm::Value* value);

}  // namespace tessera::safeir
