// The independent check of what the reader makes: types, operands, flags, attributes, linkage, and the shapes of
// addresses, shifts, lanes, structs and traps. The reader can't build a module that is refused here, so the kernel does
// without; tests ask after each check, and of modules that no reader made.
#pragma once

#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"

#include "llvm/IR/Module.h"

#include <optional>

namespace tessera::safeir {

// The first refusal, or nothing. `module` is not changed.
[[nodiscard]] std::optional<Refusal> recheck_module(llvm::Module& module, const Limits& limits = {});

}  // namespace tessera::safeir
