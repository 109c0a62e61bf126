// Leaving and entering stacks. The only assembly that the rest of the runtime needs (context.S).
#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

// Where to go back to, with what the calling convention says must survive a call.
struct ReturnPoint {
    std::uint64_t rsp, rbp, rbx, r12, r13, r14, r15;
    std::uint32_t mxcsr;
    std::uint16_t x87_control;
};
static_assert(offsetof(ReturnPoint, mxcsr) == 56 && offsetof(ReturnPoint, x87_control) == 60);

extern "C" {
// Calls function(argument), on `stack_top` (16-byte aligned) or, if that is 0, on this stack. Returns its result, or
// what tessera_return_to gives for `point`. No frame in between may own anything.
std::uint64_t
tessera_call_returnable(ReturnPoint* point, std::uint64_t (*function)(void*), void* argument, std::uintptr_t stack_top);
[[noreturn]] void tessera_return_to(const ReturnPoint* point, std::uint64_t value);

// Leaves this stack, keeping its pointer in *from, for one that was left so (or made by prepare_stack).
void tessera_switch(std::uintptr_t* from, std::uintptr_t to);
// Where a new stack begins: calls r12(r13), which never returns.
void tessera_stack_start();
}

// A stack that, when switched to, calls function(argument).
[[nodiscard]] std::uintptr_t prepare_stack(std::uintptr_t top, void (*function)(void*), void* argument);

}  // namespace tessera::runtime
