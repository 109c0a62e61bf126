// For the end of a thread, which wakes whoever joins it.
#pragma once

#include <cstdint>

namespace tessera::libc {
void futex_wake_all(std::uint64_t address);
}
