// The battery-backed clock.
#pragma once

#include <cstdint>

namespace tessera::time {

// Seconds since 1970, UTC as virtual machines keep it; 0 if the clock makes no sense.
[[nodiscard]] std::uint64_t read_rtc();

}  // namespace tessera::time
