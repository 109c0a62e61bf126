// Forgetting translations on every core that may hold them.
#pragma once

#include <cstdint>

namespace tessera::mem {

inline constexpr std::uint64_t kFlushSinglePagesMax = 32;

// Returns when no core holds a translation of [start, end) that is older than this call. Interrupts are off; the caller
// holds the address space's lock, so one flush is in progress at a time. Implemented in core/smp.
void flush_all_cores(std::uint64_t start, std::uint64_t end);

}  // namespace tessera::mem
