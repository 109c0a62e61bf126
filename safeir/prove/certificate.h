// What the prover found, as the bytes that travel behind a function's body.
#pragma once

#include "safeir/prove/prover.h"

#include <cstddef>
#include <vector>

namespace tessera::safeir {

// For the obligations that the prover was asked for, in their order. One that is not proven gets a proof of no steps.
[[nodiscard]] std::vector<std::byte> write_certificate(llvm::Function& function, const FactProver& prover);

}  // namespace tessera::safeir
