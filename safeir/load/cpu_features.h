// Processor features that generated code may use: a few fixed sets, so that code made for an image fits many machines.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tessera::safeir {

// In ascending order: each set holds the one before (docs/decisions/006).
enum class Features : std::uint8_t {
    X86_64,     // the baseline: SSE2
    X86_64_v2,  // SSE4.2, POPCNT, CMPXCHG16B
    X86_64_v3,  // AVX2, BMI2, LZCNT, MOVBE; FMA as well, which nothing contracts to
    X86_64_v4,  // AVX512F, BW, CD, DQ, VL, in functions that work on wide vectors (wide_vectors.h); else as v3
};
inline constexpr std::array kFeatureSets{
    Features::X86_64, Features::X86_64_v2, Features::X86_64_v3, Features::X86_64_v4};

[[nodiscard]] constexpr std::string_view features_name(Features features) {
    constexpr std::array<std::string_view, kFeatureSets.size()> kNames{"x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"};
    return kNames[static_cast<std::size_t>(features)];
}

// The best set that this processor has and this machine's system lets programs use (CPUID).
[[nodiscard]] Features detect_features();

}  // namespace tessera::safeir
