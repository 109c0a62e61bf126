// A fiber waits for a wake-up by key. What was to be seen before the wait is looked at again and again: to be replaced
// by a table of waiters.
#pragma once

#include "runtime/fiber.h"

#include <chrono>

namespace tessera::runtime {

enum class WaitEnd : std::uint8_t { Woken, Changed, Late, Stopped };

// On a fiber, in kernel code. Woken when `still` says no; Changed if it says so at once.
[[nodiscard]] inline WaitEnd
wait_for(const void* /*key*/, bool (*still)(void*), void* argument, std::chrono::steady_clock::time_point until) {
    constexpr std::chrono::microseconds kBetweenLooks{20};
    while (still(argument)) {
        if (is_to_stop(*current_fiber())) {
            current_fiber()->attention = true;
            return WaitEnd::Stopped;
        }
        if (std::chrono::steady_clock::now() >= until) {
            return WaitEnd::Late;
        }
        give_way(kBetweenLooks);
        if (!still(argument)) {
            return WaitEnd::Woken;
        }
    }
    return WaitEnd::Changed;
}

inline unsigned wake(const void* /*key*/, unsigned /*max*/) { return 0; }

}  // namespace tessera::runtime
