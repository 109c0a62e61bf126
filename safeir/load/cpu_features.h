// Processor features that generated code may use: a few fixed sets, so that code made for an image fits many machines.
#pragma once

#include <cstdint>
#include <string_view>

namespace tessera::safeir {

enum class Features : std::uint8_t {
    X86_64,     // the baseline: SSE2
    X86_64_v3,  // AVX2, FMA, BMI2; needs a system that saves the upper vector halves
};

[[nodiscard]] constexpr std::string_view features_name(Features features) {
    return features == Features::X86_64_v3 ? "x86-64-v3" : "x86-64";
}

// The best set that this processor has and this machine's system lets programs use (CPUID and XCR0).
[[nodiscard]] Features detect_features();

}  // namespace tessera::safeir
