// Waiting of fibers: for a wake-up, by key, and for a time.
//
// A key is an address that those who wait and those who wake agree on; nothing is read there. The fibers that wait are
// in a table of lists by key, and those that wait for a time in a heap of the scheduler's (timers.h) as well. All of it
// lies in the fibers, so that waiting allocates nothing and can't fail.
#pragma once

#include "runtime/parking.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace tessera::runtime {

struct Fiber;
enum class StopReason : std::uint8_t;

enum class WaitEnd : std::uint8_t {
    Woken,
    Changed,  // it had not to wait
    Late,
    Stopped,  // the program that the fiber is in is to end, or the fiber (is_to_stop)
};

// --- On a fiber, in kernel code and no guarded work.
// `still()` is asked with the key's list locked, so that a wake-up between the look and the wait is not lost; false:
// Changed. It may be asked again, and neither waits nor wakes.
[[nodiscard]] WaitEnd
wait_for(const void* key, bool (*still)(void*), void* argument, std::chrono::steady_clock::time_point until);

// Two ways to write it.
template <typename Still>
[[nodiscard]] WaitEnd wait_while(const void* key, std::chrono::steady_clock::time_point until, Still still) {
    return wait_for(
        key, [](void* pointer) { return (*static_cast<Still*>(pointer))(); }, static_cast<void*>(&still), until);
}
inline constexpr auto kWithoutEnd = std::chrono::steady_clock::time_point::max();

// --- From any thread; on a fiber in kernel code.
// How many were woken, at most `max`, in the order in which they came.
unsigned wake(const void* key, unsigned max = ~0U);
// The fiber is to stop, and does not wait any longer. It is there until this returns.
void request_stop(Fiber& fiber, StopReason reason);
// What may end waits other than one fiber's own stop has changed: a call's target ends, time has been used up, a stop
// was asked for from outside. Those that are to stop wait no longer.
void look_at_waits();

// --- For the scheduler.
// A fiber's part of all this.
struct Wait {
    enum class State : std::uint8_t {
        None,
        Waits,
        Sleeps,  // a stop is nothing to it
        Taken,   // whoever has set it to this is the one that lets the fiber go on
    };

    explicit Wait(Fiber& whose) : fiber(whose) {}

    Fiber& fiber;
    const void* key = nullptr;
    std::int64_t until_ns = kNever;  // with what limits the fiber
    Wait* next = nullptr;            // of its list
    Wait* previous = nullptr;
    Wait* timer_child = nullptr;  // its place in the heap of times
    Wait* timer_next = nullptr;
    Wait* timer_previous = nullptr;  // the one before, or, of the first child, the parent
    bool has_timer = false;
    bool ends_by_stop = true;
    WaitEnd end = WaitEnd::Woken;
    std::atomic<State> state = State::None;

    [[nodiscard]] bool take() {
        auto now = state.load();
        return (now == State::Waits || now == State::Sleeps) && state.compare_exchange_strong(now, State::Taken);
    }
};

// The fiber has left its stack to wait; its list is still locked, by itself. It may be gone afterwards.
void begin_wait(Fiber& fiber);
// The time of a fiber that has no timer has come. False: somebody else lets it go on.
[[nodiscard]] bool end_late(Fiber& fiber);
// One whose timer is due by now; whoever calls makes it ready. Null: there is none.
class Timers;
[[nodiscard]] Fiber* next_late(Timers& timers, std::int64_t now_ns);

}  // namespace tessera::runtime
