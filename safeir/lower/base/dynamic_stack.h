// How functions with objects of variable size say where their stack is, until the lowering proper has it as a value.
#pragma once

namespace tessera::lower {

// In a function with dynamic allocas, every call carries the stack pointer in force as an operand bundle of this name.
inline constexpr const char* kStackBundle = "tessera.sp";
// i32(): the stack pointer below a function's objects of constant size. Replaced by the lowering.
inline constexpr const char* kFrameFunction = "tessera.frame";

}  // namespace tessera::lower
