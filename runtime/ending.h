// The end of a domain in the middle of calls: of an entry into it, not of the fiber that is inside.
//
// Code of a domain that ends goes no further than a time slice, on whatever fiber it is. What it has called in other
// domains has a while to return, into nothing; then it is cut off, so that every end comes.
#pragma once

#include "runtime/call_target.h"

#include <chrono>

namespace tessera::runtime {

struct Fiber;

inline constexpr std::chrono::milliseconds kCalleesTime{50};

// From any thread. Until end_is_over the target stays where it is.
void begin_end(CallTarget& target);
void end_is_over(CallTarget& target);  // no entry of it is left on any fiber
[[nodiscard]] inline bool is_ending(const CallTarget& target) {
    return target.ends_since_ns.load(std::memory_order_relaxed) != 0;
}

// Whether the fiber's innermost entry has to end, for its own domain or for one further out. Of the current fiber, or
// from its timer's handler.
[[nodiscard]] bool entry_must_end(const Fiber& fiber);
// Whether there is an entry of the target among the current fiber's: who waits for its end would wait for himself.
[[nodiscard]] bool is_inside(const CallTarget& target);

}  // namespace tessera::runtime
