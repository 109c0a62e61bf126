#include "runtime/ready_queue.h"

#include "runtime/fiber.h"

#include <mutex>

namespace tessera::runtime {

void ReadyQueue::push(Fiber& fiber) {
    const std::scoped_lock lock(lock_);
    fiber.next_ready = nullptr;
    (last_ == nullptr ? first_ : last_->next_ready) = &fiber;
    last_ = &fiber;
    if (!fiber.pinned) {
        shared_count_.store(shared_count_.load(std::memory_order_relaxed) + 1);
    }
    count_.store(count_.load(std::memory_order_relaxed) + 1);
}

Fiber* ReadyQueue::take(bool (*fits)(const Fiber& fiber)) {
    const std::scoped_lock lock(lock_);
    Fiber* before = nullptr;
    auto* fiber = first_;
    while (fiber != nullptr && !fits(*fiber)) {
        before = fiber;
        fiber = fiber->next_ready;
    }
    if (fiber == nullptr) {
        return nullptr;
    }
    (before == nullptr ? first_ : before->next_ready) = fiber->next_ready;
    if (last_ == fiber) {
        last_ = before;
    }
    if (!fiber->pinned) {
        shared_count_.store(shared_count_.load(std::memory_order_relaxed) - 1);
    }
    count_.store(count_.load(std::memory_order_relaxed) - 1);
    return fiber;
}

Fiber* ReadyQueue::pop() {
    return empty() ? nullptr : take([](const Fiber& /*unused*/) { return true; });
}

Fiber* ReadyQueue::pop_for_another() {
    return shared_count() == 0 ? nullptr : take([](const Fiber& fiber) { return !fiber.pinned; });
}

}  // namespace tessera::runtime
