#include "runtime/stack.h"

#include "core/base/assert.h"
#include "runtime/commit.h"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

namespace tessera::runtime {
namespace {

constexpr std::uintptr_t kStepBytes = std::uintptr_t{64} * 1024;

}  // namespace

Result<Stack> Stack::create(std::size_t bytes, Account* account) {
    void* reserved =
        mmap(nullptr, bytes + kStackGuardBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) {
        return fail(Blame::Machine, "no address space is left for a stack");
    }
    Stack stack;
    // SAFETY: the stack's ends are numbers to those who check against them.
    stack.bottom_ = reinterpret_cast<std::uintptr_t>(reserved) + kStackGuardBytes;
    stack.top_ = stack.bottom_ + bytes;
    stack.committed_ = stack.top_;
    stack.account_ = account;
    if (!stack.grow_to(stack.top_ - std::min(bytes, kStackFirstBytes))) {
        return fail(Blame::Machine, "no memory is left for a stack");
    }
    return stack;
}

bool Stack::grow_to(std::uintptr_t address) {
    ASSERT(can_grow_to(address));
    const auto from = std::max(bottom_, bottom_ + (address - bottom_) / kStepBytes * kStepBytes);
    if (!commit(account_, from, committed_ - from)) {
        return false;
    }
    committed_ = from;
    return true;
}

void Stack::shrink() {
    const auto first = top_ - std::min<std::uintptr_t>(top_ - bottom_, kStackFirstBytes);
    if (committed_ < first) {
        decommit(account_, committed_, first - committed_);
        committed_ = first;
    }
}

Stack::Stack(Stack&& other) noexcept
    : bottom_(std::exchange(other.bottom_, 0)), top_(std::exchange(other.top_, 0)),
      committed_(std::exchange(other.committed_, 0)), account_(std::exchange(other.account_, nullptr)) {}

Stack& Stack::operator=(Stack&& other) noexcept {
    std::swap(bottom_, other.bottom_);
    std::swap(top_, other.top_);
    std::swap(committed_, other.committed_);
    std::swap(account_, other.account_);
    return *this;
}

Stack::~Stack() {
    if (bottom_ != 0) {
        // SAFETY: exactly what create() mapped.
        munmap(reinterpret_cast<void*>(bottom_ - kStackGuardBytes), top_ - bottom_ + kStackGuardBytes);
        if (account_ != nullptr) {
            account_->credit(top_ - committed_);
        }
    }
}

}  // namespace tessera::runtime
