// What a trap means: a program's fault ends that program's call, everything else is the kernel's own.
#pragma once

#include "runtime/fiber.h"

#include <chrono>
#include <cstdint>

namespace tessera::runtime {

// Installs the trap and timer handlers. Addresses in [code_begin, code_end) are program code.
void install_handlers(std::uintptr_t code_begin, std::uintptr_t code_end);

// From here on it runs, for its account.
void begin_time(Fiber& fiber);
// Charges what it has run for since the last time, in whole microseconds; the rest is for the next time.
void note_time(Fiber& fiber);

// Sets fiber.stop if its deadline has passed, its account has no time left, or a stop was asked for.
void check_stop(Fiber& fiber);

// The fiber has to be done within so much time, for as long as this lives; an earlier deadline stays.
class DeadlineScope {
  public:
    DeadlineScope(Fiber& fiber, std::chrono::nanoseconds time);  // 0: no limit
    // What has stopped for this deadline alone goes on.
    ~DeadlineScope();
    DeadlineScope(const DeadlineScope&) = delete;
    DeadlineScope& operator=(const DeadlineScope&) = delete;

  private:
    Fiber& fiber_;
    std::int64_t outer_ns_;
};

}  // namespace tessera::runtime
