// Processor features that generated code may use: a few fixed sets, so that code made for an image fits many machines.
#pragma once

#include <cstdint>
#include <string_view>

namespace tessera::safeir {

enum class Features : std::uint8_t {
    X86_64,     // the baseline: SSE2
    X86_64_v2,  // SSE4.2, POPCNT, CMPXCHG16B (docs/decisions/006)
};

[[nodiscard]] constexpr std::string_view features_name(Features features) {
    return features == Features::X86_64_v2 ? "x86-64-v2" : "x86-64";
}

// The best set that this processor has and this machine's system lets programs use (CPUID).
[[nodiscard]] Features detect_features();

}  // namespace tessera::safeir
