// Interruptions of a program in the box between any two of its instructions.
#pragma once

#include "test/fuzz/box_functions.h"

#include <ucontext.h>

namespace tessera::fuzz {

// The next run is to be stepped through at first and interrupted now and then, from this thread only.
void expect_interrupts(std::uint64_t seed, std::uint64_t secret);
// How many there were; none are to come.
std::uint64_t end_interrupts();

// What the signal handler asks. True: the signal is dealt with, and the program goes on or is interrupted.
[[nodiscard]] bool take_step(BoxRun& run, ucontext_t& context);
[[nodiscard]] bool take_alarm(BoxRun& run, ucontext_t& context);

}  // namespace tessera::fuzz
