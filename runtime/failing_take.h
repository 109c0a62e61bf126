// For the test that lets each take of memory for a program fail in turn: whoever takes some asks here first.
#pragma once

#include <cstdint>

namespace tessera::runtime {

// From now on takes are counted, and take number `number` (from 0) fails.
void fail_take(std::uint64_t number);
// No longer. How many there were.
std::uint64_t end_failing_take();

// Of the accounts that take part (Account::let_fail).
[[nodiscard]] bool take_fails();

}  // namespace tessera::runtime
