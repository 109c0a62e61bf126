// Where a worker's thread halts while there is nothing for it to do.
#pragma once

#include <cstdint>
#include <ctime>
#include <limits>
#include <semaphore.h>

namespace tessera::runtime {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

class Parking {
  public:
    Parking() { sem_init(&wakes_, 0, 0); }
    ~Parking() { sem_destroy(&wakes_); }
    Parking(const Parking&) = delete;
    Parking& operator=(const Parking&) = delete;

    // Until somebody wakes it, or has done so since it was here last, or so late (steady clock). It may return for
    // nothing.
    void wait(std::int64_t until_ns) {
        if (until_ns == kNever) {
            (void)sem_wait(&wakes_);
            return;
        }
        constexpr std::int64_t kSecond = 1'000'000'000;
        const timespec until{.tv_sec = until_ns / kSecond, .tv_nsec = until_ns % kSecond};
        (void)sem_clockwait(&wakes_, CLOCK_MONOTONIC, &until);
    }
    // From any context, a signal's handler too.
    void wake() { sem_post(&wakes_); }

  private:
    sem_t wakes_{};
};

}  // namespace tessera::runtime
