#include "safeir/load/cpu_features.h"

#include "core/base/vector_state.h"

#include <cpuid.h>
#include <initializer_list>

namespace tessera::safeir {
namespace {

constexpr unsigned bits(std::initializer_list<unsigned> indices) {
    unsigned mask = 0;
    for (const unsigned index : indices) {
        mask |= 1U << index;
    }
    return mask;
}

// Leaf 1, ecx: SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT.
constexpr unsigned kV2 = bits({0, 9, 13, 19, 20, 23});
// And FMA, MOVBE, OSXSAVE, AVX, F16C; leaf 7, ebx: BMI1, AVX2, BMI2; leaf 0x80000001, ecx: LAHF, LZCNT.
constexpr unsigned kV3 = kV2 | bits({12, 22, 27, 28, 29});
constexpr unsigned kV3Leaf7 = bits({3, 5, 8});
constexpr unsigned kV3Extended = bits({0, 5});
// Leaf 7, ebx: AVX512F, DQ, CD, BW, VL.
constexpr unsigned kV4Leaf7 = bits({16, 17, 28, 30, 31});

}  // namespace

Features detect_features() {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kV2) != kV2) {
        return Features::X86_64;
    }
    const auto kept = kept_vector_state();
    const bool may_have_v3 = (c & kV3) == kV3 && kept != 0;
    if (!may_have_v3 || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & kV3Leaf7) != kV3Leaf7 ||
        __get_cpuid(0x8000'0001U, &a, &b, &c, &d) == 0 || (c & kV3Extended) != kV3Extended) {
        return Features::X86_64_v2;
    }
    __get_cpuid_count(7, 0, &a, &b, &c, &d);
    return (b & kV4Leaf7) == kV4Leaf7 && kept == kAvx512State ? Features::X86_64_v4 : Features::X86_64_v3;
}

}  // namespace tessera::safeir
