#include "runtime/wait.h"

#include "runtime/deferral.h"
#include "runtime/ending.h"
#include "runtime/spin_lock.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <array>
#include <mutex>

namespace tessera::runtime {
namespace {

using Clock = std::chrono::steady_clock;

// Those that wait by keys that fall together, in the order in which they came.
struct List {
    SpinLock lock;
    std::atomic<Wait*> first = nullptr;  // changed under the lock
    Wait* last = nullptr;

    void add(Wait& wait) {
        wait.next = nullptr;
        wait.previous = last;
        if (last == nullptr) {
            first.store(&wait, std::memory_order_relaxed);
        } else {
            last->next = &wait;
        }
        last = &wait;
    }
    void remove(Wait& wait) {
        if (wait.previous == nullptr) {
            first.store(wait.next, std::memory_order_relaxed);
        } else {
            wait.previous->next = wait.next;
        }
        (wait.next == nullptr ? last : wait.next->previous) = wait.previous;
    }
};

constexpr unsigned kListsLog = 12;
constinit std::array<List, std::size_t{1} << kListsLog> lists;

List& list_of(const void* key) {
    constexpr std::uint64_t kGolden = 0x9E37'79B9'7F4A'7C15;
    // SAFETY: an address as a number.
    return lists[(reinterpret_cast<std::uintptr_t>(key) * kGolden) >> (64U - kListsLog)];
}

std::int64_t nanoseconds(Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

void count_in_targets(const Fiber& fiber, std::int32_t change) {
    for (const auto* entry = fiber.entry; entry != nullptr; entry = entry->outer) {
        if (entry->target != nullptr) {
            entry->target->waits.fetch_add(change);
        }
    }
}

// By whoever has taken it, with its list locked.
void take_out(List& list, Wait& wait) {
    list.remove(wait);
    count_in_targets(wait.fiber, -1);
    wait.fiber.worker->scheduler().timers().remove(wait);
    wait.state.store(Wait::State::None, std::memory_order_relaxed);
}

// The latest end of the fiber's wait.
std::int64_t end_of_wait(const Fiber& fiber, std::int64_t until_ns) {
    const auto deadline = fiber.deadline_ns.load(std::memory_order_relaxed);
    const auto own = deadline == 0 ? kNever : deadline + 1;
    return std::min({until_ns, own, entry_ends_at(fiber)});
}

// With its list locked: whether it should look for itself why not to wait.
bool is_to_look(Wait& wait) {
    if (!wait.ends_by_stop) {
        return false;
    }
    check_stop(wait.fiber);
    return is_to_stop(wait.fiber) || end_of_wait(wait.fiber, wait.until_ns) < wait.until_ns;
}

void ready(Fiber& fiber) { fiber.worker->scheduler().make_ready(fiber); }

void ready_all(Fiber* first) {
    while (first != nullptr) {
        auto& fiber = *first;
        first = fiber.next_ready;  // before it is another worker's, which may be done with it
        ready(fiber);
    }
}

// At most `max` of the list that fit wait no longer. With the list locked; they are still to be made ready.
struct Some {
    Fiber* first = nullptr;
    unsigned count = 0;
};
template <typename Fits>
Some take_some(List& list, WaitEnd end, unsigned max, Fits fits) {
    Some some;
    auto** place = &some.first;
    Wait* next = nullptr;
    for (auto* wait = list.first.load(std::memory_order_relaxed); wait != nullptr && some.count < max; wait = next) {
        next = wait->next;
        if (fits(*wait) && wait->take()) {
            wait->end = end;
            take_out(list, *wait);
            wait->fiber.next_ready = nullptr;
            *place = &wait->fiber;
            place = &wait->fiber.next_ready;
            ++some.count;
        }
    }
    return some;
}

// Its list is locked by the fiber, and unlocked by begin_wait.
void wait_once(Fiber& fiber, const void* key, std::int64_t until_ns, bool ends_by_stop) {
    fiber.wait.key = key;
    fiber.wait.until_ns = ends_by_stop ? end_of_wait(fiber, until_ns) : until_ns;
    fiber.wait.ends_by_stop = ends_by_stop;
    current_worker()->leave(Leave::Wait);
}

}  // namespace

WaitEnd wait_for(const void* key, bool (*still)(void*), void* argument, Clock::time_point until) {
    auto& fiber = *current_fiber();
    const auto until_ns = until == kWithoutEnd ? kNever : nanoseconds(until);
    while (true) {
        check_stop(fiber);
        if (is_to_stop(fiber)) {
            fiber.attention = true;  // the way back to the program ends it
            return WaitEnd::Stopped;
        }
        auto& list = list_of(key);
        list.lock.lock();
        if (!still(argument)) {
            list.lock.unlock();
            return WaitEnd::Changed;
        }
        if (until_ns != kNever && Clock::now() >= until) {
            list.lock.unlock();
            return WaitEnd::Late;
        }
        wait_once(fiber, key, until_ns, true);
        if (fiber.wait.end == WaitEnd::Woken) {
            return WaitEnd::Woken;
        }
    }
}

void sleep_until(Clock::time_point when) {
    (void)wait_for(current_fiber(), [](void* /*unused*/) { return true; }, nullptr, when);
}

void give_way(std::chrono::nanoseconds time) {
    auto& fiber = *current_fiber();
    list_of(&fiber).lock.lock();
    wait_once(fiber, &fiber, nanoseconds(Clock::now() + time), false);
}

// Nobody sees it wait before its stack is left, since the lock is held from the look until here. Who has something to
// say to it without that lock (stop, look_at_waits) says it first and then looks whether it waits; here it waits
// first, and then it is looked whether there is something. With the fences one of the two sees the other.
void begin_wait(Fiber& fiber) {
    auto& wait = fiber.wait;
    auto& list = list_of(wait.key);
    list.add(wait);
    count_in_targets(fiber, 1);
    wait.state.store(wait.ends_by_stop ? Wait::State::Waits : Wait::State::Sleeps);
    if (fiber.worker->has_thread() && wait.until_ns != kNever) {
        fiber.worker->scheduler().timers().add(wait);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const bool goes_on = is_to_look(wait) && wait.take();
    if (goes_on) {
        wait.end = WaitEnd::Stopped;
        take_out(list, wait);
    }
    list.lock.unlock();  // from here on it may be gone
    if (goes_on) {
        ready(fiber);
    }
}

unsigned wake(const void* key, unsigned max) {
    const Deferral whole;  // guarded work does not end in the middle of it
    auto& list = list_of(key);
    list.lock.lock();
    const auto woken = take_some(list, WaitEnd::Woken, max, [&](const Wait& wait) { return wait.key == key; });
    list.lock.unlock();
    ready_all(woken.first);
    return woken.count;
}

void request_stop(Fiber& fiber, StopReason reason) {
    fiber.stop.store(reason);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const Deferral whole;
    auto waits = Wait::State::Waits;
    if (!fiber.wait.state.compare_exchange_strong(waits, Wait::State::Taken)) {
        return;  // it has not begun to wait, or goes on anyway
    }
    auto& list = list_of(fiber.wait.key);
    list.lock.lock();
    fiber.wait.end = WaitEnd::Stopped;
    take_out(list, fiber.wait);
    list.lock.unlock();
    ready(fiber);
}

void look_at_waits() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const Deferral whole;
    for (auto& list : lists) {
        if (list.first.load(std::memory_order_relaxed) == nullptr) {
            continue;
        }
        list.lock.lock();
        const auto woken = take_some(list, WaitEnd::Stopped, ~0U, is_to_look);
        list.lock.unlock();
        ready_all(woken.first);
    }
}

static void end_late_taken(Wait& wait) {
    auto& list = list_of(wait.key);
    const std::scoped_lock lock(list.lock);
    wait.end = WaitEnd::Late;
    take_out(list, wait);
}

bool end_late(Fiber& fiber) {
    if (!fiber.wait.take()) {
        return false;
    }
    end_late_taken(fiber.wait);
    return true;
}

Fiber* next_late(Timers& timers, std::int64_t now_ns) {
    auto* wait = timers.take_due(now_ns);
    if (wait == nullptr) {
        return nullptr;
    }
    end_late_taken(*wait);
    return &wait->fiber;
}

}  // namespace tessera::runtime
