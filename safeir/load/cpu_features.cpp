#include "safeir/load/cpu_features.h"

#include <cpuid.h>

namespace tessera::safeir {

// Leaf 1, ecx: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT.
constexpr unsigned kV2 = (1U << 0U) | (1U << 9U) | (1U << 13U) | (1U << 19U) | (1U << 20U) | (1U << 23U);

Features detect_features() {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & kV2) == kV2 ? Features::X86_64_v2 : Features::X86_64;
}

}  // namespace tessera::safeir
