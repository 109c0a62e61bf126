// Objects of variable size on the arena's stack: the stack pointer becomes a value of its own in the functions that
// have them.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void make_stack_explicit(llvm::Module& program);

// Whether an alloca has a constant size and lies in the entry block.
[[nodiscard]] bool has_dynamic_stack(const llvm::Function& function);

}  // namespace tessera::lower
