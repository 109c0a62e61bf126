#include "runtime/stack_pool.h"

#include "runtime/deferral.h"
#include "runtime/guarded_run.h"

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
