// The vector registers that programs may use, as XSAVE counts them [intel/vol1] 13.1: what has to be kept of a program
// that is interrupted between any two instructions.
#pragma once

#include <cpuid.h>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace tessera {

inline constexpr std::uint64_t kAvxState = 0x07;     // x87, SSE, upper halves of ymm
inline constexpr std::uint64_t kAvx512State = 0xe7;  // and masks, upper halves of zmm, zmm16 to zmm31

// What runtime/preempt.S and safeir/load/lazy_entry.S have room for: the area of all of these in its standard format.
inline constexpr std::size_t kVectorStateBytes = 2688;

namespace detail {

// Processors lay the area out as they like.
inline bool has_room_for(std::uint64_t state) {
    constexpr unsigned kComponents = 8;
    unsigned bytes = 0;
    unsigned offset = 0;
    unsigned c = 0;
    unsigned d = 0;
    for (unsigned component = 2; component < kComponents; ++component) {
        if ((state >> component & 1U) != 0 && (__get_cpuid_count(0xd, component, &bytes, &offset, &c, &d) == 0 ||
                                               std::size_t{offset} + bytes > kVectorStateBytes)) {
            return false;
        }
    }
    return true;
}

// Only where OSXSAVE is set.
[[gnu::target("xsave")]] inline std::uint64_t enabled_state() { return __builtin_ia32_xgetbv(0); }

}  // namespace detail

// The mask for XSAVE that keeps what this processor has and its system enables: kAvxState, kAvx512State, or 0 where
// FXSAVE is enough.
inline std::uint64_t kept_vector_state() {
    constexpr unsigned kOsxsave = 1U << 27U;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kOsxsave) == 0) {
        return 0;
    }
    std::uint64_t kept = 0;
    for (const auto state : {kAvxState, kAvx512State}) {
        if ((detail::enabled_state() & state) == state && detail::has_room_for(state)) {
            kept = state;
        }
    }
    return kept;
}

}  // namespace tessera
