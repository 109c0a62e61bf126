// For the test that lets each take of memory for a program fail in turn. Whoever takes some for an account asks here.
#pragma once

#include <atomic>
#include <cstdint>

namespace tessera::runtime {

// From now on `account`'s takes are counted, and take number `number` (from 0) fails.
void fail_take(const void* account, std::uint64_t number);
// No longer. How many there were.
std::uint64_t end_failing_take();

namespace detail {
extern std::atomic<const void*> failing_account;
[[nodiscard]] bool count_take();
}  // namespace detail

[[nodiscard]] inline bool take_fails(const void* account) {
    return account != nullptr && account == detail::failing_account.load(std::memory_order_relaxed) &&
           detail::count_take();
}

}  // namespace tessera::runtime
