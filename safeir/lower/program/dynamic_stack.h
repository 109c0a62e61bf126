// Objects of variable size on the arena's stack: the stack pointer becomes a value of its own in the functions that
// have them.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// In a function with dynamic allocas, every call carries the stack pointer in force as an operand bundle of this name.
inline constexpr const char* kStackBundle = "tessera.sp";
// i32(): the stack pointer below a function's objects of constant size. Replaced by the lowering.
inline constexpr const char* kFrameFunction = "tessera.frame";

void make_stack_explicit(llvm::Module& program);

// Whether an alloca has a constant size and lies in the entry block.
[[nodiscard]] bool has_dynamic_stack(const llvm::Function& function);

}  // namespace tessera::lower
