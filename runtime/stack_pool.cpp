#include "runtime/stack_pool.h"

#include "runtime/deferral.h"
#include "runtime/fiber.h"
#include "runtime/guarded_run.h"
#include "runtime/spin_lock.h"

#include <array>
#include <mutex>
#include <new>
#include <utility>

namespace tessera::runtime {
namespace {

// As many as run at the same time are made; so many are kept.
constexpr std::size_t kKeptMax = 16;

constinit std::mutex mutex;
constinit std::array<Stack*, kKeptMax> kept{};
constinit std::size_t kept_count = 0;

Stack* take() {
    const std::scoped_lock lock(mutex);
    return kept_count == 0 ? nullptr : kept[--kept_count];
}

bool keep(Stack* stack) {
    const std::scoped_lock lock(mutex);
    if (kept_count == kKeptMax) {
        return false;
    }
    kept[kept_count++] = stack;
    return true;
}

}  // namespace

// What is kept is promised to nobody's account, so it is little.
static constexpr std::size_t kFiberStacksMax = 8;
static constinit SpinLock fiber_stacks_lock;
static constinit std::array<Stack, kFiberStacksMax> fiber_stacks{};
static constinit std::size_t fiber_stacks_count = 0;

Result<Stack> take_fiber_stack(Account* account) {
    Stack stack;
    {
        const std::scoped_lock lock(fiber_stacks_lock);
        if (fiber_stacks_count != 0) {
            stack = std::move(fiber_stacks[--fiber_stacks_count]);
        }
    }
    if (stack.top() == 0) {
        return Stack::create(kFiberStackBytes, account);
    }
    if (account != nullptr && !account->charge(kStackFirstBytes)) {
        leave_fiber_stack(std::move(stack));  // which nobody pays for yet
        return fail(Blame::Machine, "no memory is left for a stack");
    }
    stack.lend(account);
    return stack;
}

void leave_fiber_stack(Stack&& stack) {
    auto left = std::move(stack);
    left.shrink();
    if (left.account() != nullptr) {
        left.account()->credit(kStackFirstBytes);
        left.lend(nullptr);
    }
    const std::scoped_lock lock(fiber_stacks_lock);
    if (fiber_stacks_count != kFiberStacksMax) {
        fiber_stacks[fiber_stacks_count++] = std::move(left);
    }
}

PooledStack::PooledStack(Account* account) : stack_(take()) {
    if (stack_ == nullptr) {
        const Deferral kernels_own(nullptr);  // it outlives the program that needs it first
        if (auto made = Stack::create(kGuardedStackBytes)) {
            stack_ = new Stack(std::move(*made));
        }
    }
    if (stack_ != nullptr) {
        stack_->lend(account);
    }
}

PooledStack::~PooledStack() {
    if (stack_ == nullptr) {
        return;
    }
    stack_->shrink();
    stack_->lend(nullptr);
    if (!keep(stack_)) {
        delete stack_;
    }
}

}  // namespace tessera::runtime
