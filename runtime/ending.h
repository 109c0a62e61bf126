// The end of a call in the middle, of an entry into a domain and not of the fiber that is inside: because the domain
// ends, or because the caller has given its calls so much time and no more.
//
// Code of a domain that ends goes no further than a time slice, on whatever fiber it is. What it has called in other
// domains has a while to return, into nothing; then it is cut off, so that every end comes.
#pragma once

#include "runtime/call_target.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace tessera::runtime {

struct Fiber;
enum class FaultKind : std::uint8_t;

inline constexpr std::chrono::milliseconds kCalleesTime{50};

// From any thread. Until end_is_over the target stays where it is.
void begin_end(CallTarget& target);
void end_is_over(CallTarget& target);  // no entry of it is left on any fiber
[[nodiscard]] inline bool is_ending(const CallTarget& target) {
    return target.ends_since_ns.load(std::memory_order_relaxed) != 0;
}

// Why the fiber's innermost entry has to end, for its own domain or for one further out: Ended or Late; nothing: it
// need not. Of the current fiber, or from its timer's handler.
[[nodiscard]] std::optional<FaultKind> why_entry_ends(const Fiber& fiber);
// When that will be so without anybody doing anything more; kNever: not.
[[nodiscard]] std::int64_t entry_ends_at(const Fiber& fiber);
// Whether there is an entry of the target among the current fiber's: who waits for its end would wait for himself.
[[nodiscard]] bool is_inside(const CallTarget& target);

}  // namespace tessera::runtime
