// A box to run checked programs in, with an oracle: what a program does that the rules forbid shows.
//
//   - Around the arena lie 32 GiB on each side, the kernel's page right below it included, where nothing is mapped. A
//     fault is the program's own only inside the arena and its guard, or in the stack's guard; elsewhere it is an
//     escape.
//   - Slices end where a page ends behind which nothing is mapped, or begin where one begins; what may only be read is
//     mapped so.
//   - Capabilities point to where nothing is mapped, and imports take no others.
//   - Before a run, and after each call of the kernel, the registers and the unused stack hold a secret. A program is
//   run
//     for two secrets: any difference in memory, result or trap means that it has seen one.
//   - A run may be interrupted between any two instructions, by the kernel's own preempt.S: all registers and what lies
//     below the stack pointer hold the secret meanwhile, and the outcome has to be that of a run without interruptions.
//   - Two cores may run the program in one arena at once, while a third writes into it all the time. Nothing can be
//     compared then, but an escape is one, and the memory is searched for the secret.
#pragma once

#include "core/base/result.h"
#include "safeir/wire/program_image.h"

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tessera::fuzz {

// How one run ended.
struct Run {
    enum class End : std::uint8_t { Returned, Trapped, OutOfTime, Escaped } end = End::Returned;
    std::uint32_t result = 0;
    std::uint64_t seen = 0;        // a hash of the arena, the slices and what imports were given
    std::string what;              // of a trap or an escape
    std::uint64_t interrupts = 0;  // that it had
    bool holds_secret = false;     // of a race: the memory, afterwards
};

enum class Interrupts : std::uint8_t { None, Random };

struct BoxCode {
    std::uintptr_t entry;  // (arena, i32, capability) -> i32
    std::uintptr_t begin;
    std::uintptr_t end;
    const safeir::ProgramImage* image = nullptr;  // what its memory begins with; null: random numbers
};

// One at a time in a process: it takes the signals.
class Box {
  public:
    static Result<std::unique_ptr<Box>> create();

    [[nodiscard]] static std::optional<std::uintptr_t> resolve(llvm::StringRef symbol);
    [[nodiscard]] Run run(const BoxCode& code, std::uint64_t seed, std::uint64_t secret, Interrupts interrupts);
    // On two cores, each again and again for a while. What is seen and the result mean nothing.
    [[nodiscard]] Run race(const BoxCode& code, std::uint64_t seed, std::uint64_t secret);

  private:
    Box() = default;
};

}  // namespace tessera::fuzz
