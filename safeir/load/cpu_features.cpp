#include "safeir/load/cpu_features.h"

#include <cpuid.h>

namespace tessera::safeir {
namespace {

constexpr unsigned kFma = 1U << 12U, kMovbe = 1U << 22U, kOsxsave = 1U << 27U, kF16c = 1U << 29U;  // leaf 1, ecx
constexpr unsigned kSse3ToPopcnt = (1U << 0U) | (1U << 9U) | (1U << 13U) | (1U << 19U) | (1U << 20U) | (1U << 23U);
constexpr unsigned kBmi1 = 1U << 3U, kAvx2 = 1U << 5U, kBmi2 = 1U << 8U;  // leaf 7, ebx
constexpr unsigned kLzcnt = 1U << 5U;                                     // leaf 0x80000001, ecx
constexpr unsigned kXcr0SseAvx = 0x6;

constexpr bool has(unsigned value, unsigned bits) { return (value & bits) == bits; }

}  // namespace

Features detect_features() {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || !has(c, kSse3ToPopcnt | kFma | kMovbe | kOsxsave | kF16c)) {
        return Features::X86_64;
    }
    unsigned xcr0_low = 0;
    unsigned xcr0_high = 0;
    // SAFETY: OSXSAVE is set, so xgetbv is there.
    asm("xgetbv" : "=a"(xcr0_low), "=d"(xcr0_high) : "c"(0));
    if (!has(xcr0_low, kXcr0SseAvx)) {
        return Features::X86_64;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || !has(b, kBmi1 | kAvx2 | kBmi2)) {
        return Features::X86_64;
    }
    if (__get_cpuid(0x80000001U, &a, &b, &c, &d) == 0 || !has(c, kLzcnt)) {
        return Features::X86_64;
    }
    return Features::X86_64_v3;
}

}  // namespace tessera::safeir
