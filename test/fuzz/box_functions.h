// The box's kernel: what its functions and its signal handler share.
#pragma once

#include "runtime/context.h"
#include "test/fuzz/box.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" std::uint64_t box_secret;  // of this run

namespace tessera::fuzz {

inline constexpr std::uint64_t kLowBegin = 0x10000, kLowEnd = 0x40000;
inline constexpr std::uint64_t kTopBegin = 0xfffe0000, kTopEnd = 0x100000000;
inline constexpr unsigned kSlices = 4;  // even ones are read-only
inline constexpr std::size_t kSlicePage = 4096;
inline constexpr unsigned kCapabilities = 8;

struct BoxTry {
    runtime::ReturnPoint point{};
    BoxTry* outer = nullptr;
};

struct BoxState {
    std::byte* base = nullptr;
    std::array<std::byte*, kSlices> slices{};
    std::array<std::byte*, 8> cap_table{};
    std::uint64_t heard = 0;  // a hash of what imports were given
    runtime::ReturnPoint point{};
    BoxTry* try_frame = nullptr;
    unsigned tries = 0;
    volatile bool running = false;
    Run::End end = Run::End::Returned;
    std::string what;
};
extern BoxState box;

[[nodiscard]] std::byte* box_capability(unsigned index);

}  // namespace tessera::fuzz
