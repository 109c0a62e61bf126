#include "runtime/stack.h"

#include <sys/mman.h>
#include <utility>

namespace tessera::runtime {

Result<Stack> Stack::create(std::size_t bytes) {
    void* reserved =
        mmap(nullptr, bytes + kStackGuardBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) {
        return fail(Blame::Machine, "no address space is left for a stack");
    }
    Stack stack;
    // SAFETY: the stack's ends are numbers to those who check against them.
    stack.bottom_ = reinterpret_cast<std::uintptr_t>(reserved) + kStackGuardBytes;
    stack.top_ = stack.bottom_ + bytes;
    if (mprotect(reinterpret_cast<void*>(stack.bottom_), bytes, PROT_READ | PROT_WRITE) != 0) {
        return fail(Blame::Machine, "no memory is left for a stack");
    }
    return stack;
}

Stack::Stack(Stack&& other) noexcept : bottom_(std::exchange(other.bottom_, 0)), top_(std::exchange(other.top_, 0)) {}

Stack& Stack::operator=(Stack&& other) noexcept {
    std::swap(bottom_, other.bottom_);
    std::swap(top_, other.top_);
    return *this;
}

Stack::~Stack() {
    if (bottom_ != 0) {
        // SAFETY: exactly what create() mapped.
        munmap(reinterpret_cast<void*>(bottom_ - kStackGuardBytes), top_ - bottom_ + kStackGuardBytes);
    }
}

}  // namespace tessera::runtime
