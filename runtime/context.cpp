#include "runtime/context.h"

namespace tessera::runtime {
namespace {

// What tessera_switch pops, in order of addresses.
struct SavedContext {
    std::uint32_t mxcsr = 0x1F80;  // [intel/vol1] 10.2.3, 8.1.5: the state after reset of a process
    std::uint16_t x87_control = 0x037F;
    std::uint16_t padding = 0;
    std::uint64_t r15 = 0, r14 = 0, r13 = 0, r12 = 0, rbx = 0, rbp = 0;
    std::uint64_t rip = 0;
    std::uint64_t end_of_frames[2] = {};  // also aligns the stack for the first call
};

}  // namespace

std::uintptr_t prepare_stack(std::uintptr_t top, void (*function)(void*), void* argument) {
    // SAFETY: the top of a fresh stack is ours to fill, and code addresses become numbers there.
    auto* context = reinterpret_cast<SavedContext*>((top & ~std::uintptr_t{15}) - sizeof(SavedContext));
    *context = SavedContext{};
    context->r12 = reinterpret_cast<std::uint64_t>(function);
    context->r13 = reinterpret_cast<std::uint64_t>(argument);
    context->rip = reinterpret_cast<std::uint64_t>(&tessera_stack_start);
    return reinterpret_cast<std::uintptr_t>(context);
}

}  // namespace tessera::runtime
