// Takes the place of glibc's own clock_gettime, which would make a system call (on Linux it has the vDSO): std::chrono
// comes here directly. glibc's is a weak symbol in a static link.
#include "core/time/clock.h"

#include <cstdint>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int clock_gettime(clockid_t clock, timespec* result) noexcept {
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) {
        return static_cast<int>(syscall(SYS_clock_gettime, clock, result));
    }
    using namespace tessera;
    const std::uint64_t now = clock == CLOCK_MONOTONIC ? time::since_entry_ns() : time::wall_ns();
    result->tv_sec = static_cast<time_t>(now / time::kSecond);
    result->tv_nsec = static_cast<long>(now % time::kSecond);
    return 0;
}
