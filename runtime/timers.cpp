#include "runtime/timers.h"

#include <mutex>
#include <utility>

namespace tessera::runtime {

Wait* Timers::meld(Wait* one, Wait* other) {
    if (one == nullptr || other == nullptr) {
        return one != nullptr ? one : other;
    }
    if (other->until_ns < one->until_ns) {
        std::swap(one, other);
    }
    other->timer_previous = one;
    other->timer_next = one->timer_child;
    if (one->timer_child != nullptr) {
        one->timer_child->timer_previous = other;
    }
    one->timer_child = other;
    return one;
}

// In pairs from the front, then the pairs from the back: what makes the heap's operations cheap on the whole.
Wait* Timers::meld_all(Wait* first) {
    Wait* pairs = nullptr;
    while (first != nullptr) {
        auto* const one = first;
        auto* const other = one->timer_next;
        first = other == nullptr ? nullptr : other->timer_next;
        one->timer_next = nullptr;
        if (other != nullptr) {
            other->timer_next = nullptr;
        }
        auto* const pair = meld(one, other);
        pair->timer_next = pairs;
        pairs = pair;
    }
    Wait* all = nullptr;
    while (pairs != nullptr) {
        auto* const pair = std::exchange(pairs, pairs->timer_next);
        pair->timer_next = nullptr;
        all = meld(all, pair);
    }
    return all;
}

void Timers::set_root(Wait* wait) {
    root_ = wait;
    if (wait != nullptr) {
        wait->timer_previous = wait->timer_next = nullptr;
    }
    next_ns_.store(wait == nullptr ? kNever : wait->until_ns);
}

void Timers::add(Wait& wait) {
    const std::scoped_lock lock(lock_);
    wait.timer_child = wait.timer_next = wait.timer_previous = nullptr;
    wait.has_timer = true;
    set_root(meld(root_, &wait));
}

void Timers::take_out(Wait& wait) {
    auto* const below = meld_all(std::exchange(wait.timer_child, nullptr));
    wait.has_timer = false;
    if (&wait == root_) {
        set_root(below);
        return;
    }
    auto& before = *wait.timer_previous;
    (before.timer_child == &wait ? before.timer_child : before.timer_next) = wait.timer_next;
    if (wait.timer_next != nullptr) {
        wait.timer_next->timer_previous = &before;
    }
    set_root(meld(root_, below));
}

void Timers::remove(Wait& wait) {
    const std::scoped_lock lock(lock_);
    if (wait.has_timer) {
        take_out(wait);
    }
}

Wait* Timers::take_due(std::int64_t now_ns) {
    const std::scoped_lock lock(lock_);
    while (root_ != nullptr && root_->until_ns <= now_ns) {
        auto& wait = *root_;
        take_out(wait);
        // Whoever else has taken it comes for its timer before he lets it go: it is there as long as the lock is held.
        if (wait.take()) {
            return &wait;
        }
    }
    return nullptr;
}

}  // namespace tessera::runtime
