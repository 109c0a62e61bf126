// Interrupt vectors in use, above those of exceptions.
#pragma once

namespace tessera::arch {

inline constexpr unsigned kTimerVector = 0x40;
inline constexpr unsigned kWakeVector = 0x41;
inline constexpr unsigned kFlushVector = 0x42;
inline constexpr unsigned kSpuriousVector = 0xff;

}  // namespace tessera::arch
