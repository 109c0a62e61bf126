// The box's kernel: what its functions, its signal handler and its cores share.
#pragma once

#include "runtime/context.h"
#include "test/fuzz/box.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" std::uint64_t box_secret;  // of this run

namespace tessera::fuzz {

inline constexpr unsigned kSlices = 4;  // even ones are read-only
inline constexpr std::size_t kSlicePage = 4096;
inline constexpr unsigned kCapabilities = 8;

struct BoxTry {
    runtime::ReturnPoint point{};
    BoxTry* outer = nullptr;
};

// One core's run of the program.
struct BoxRun {
    BoxCode code{};
    std::byte* stack = nullptr;  // its lowest byte; a guard is below
    runtime::ReturnPoint point{};
    BoxTry* try_frame = nullptr;
    unsigned tries = 0;
    std::uint64_t heard = 0;  // a hash of what imports were given
    volatile bool running = false;
    Run::End end = Run::End::Returned;
    std::string what;

    // Ends it from a function that the program called.
    [[noreturn]] void leave(Run::End how, std::string why);
};
extern constinit thread_local BoxRun* box_run;  // of this core

// What all cores share.
struct BoxState {
    std::byte* base = nullptr;
    std::array<std::byte*, kSlices> slices{};
    std::array<std::atomic<std::byte*>, 8> cap_table{};
};
extern BoxState box;

inline constexpr std::size_t kBoxStackBytes = 1U << 20U;
inline constexpr std::size_t kBoxStackGuard = 256U << 10U;

[[nodiscard]] std::byte* box_capability(unsigned index);

// What functions of the kernel ask of what they are given; the run ends where it is not so.
void check_base(const std::byte* base);
void check_range(std::uint64_t offset, std::uint64_t length);
// An i32 as a result leaves the upper half of the register to anybody.
[[nodiscard]] std::uint64_t narrow(std::uint32_t value);
void hear(std::uint64_t value);

}  // namespace tessera::fuzz
