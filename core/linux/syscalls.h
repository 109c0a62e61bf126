// The system calls of Linux that static glibc makes, served in ring 0. One handler each; syscalls.def lists them.
// They run on the core's own stack with interrupts off. Addresses are the kernel's own code's and are not checked.
#pragma once

#include "core/trap/frame.h"

#include <cstdint>

namespace tessera::libc {

// Linux's error numbers, returned negated.
enum Errno : std::int64_t {
    kEperm = 1,
    kEnoent = 2,
    kEintr = 4,
    kEbadf = 9,
    kEagain = 11,
    kEnomem = 12,
    kEacces = 13,
    kEexist = 17,
    kEinval = 22,
    kEnotty = 25,
    kEspipe = 29,
    kErange = 34,
    kEnosys = 38,
    kEtimedout = 110,
};

struct Call {
    std::uint64_t a[6];
    trap::Frame& frame;
    template <typename T>
    [[nodiscard]] T* pointer(unsigned index) const {
        // SAFETY: an address of the caller, which is the kernel itself.
        return reinterpret_cast<T*>(a[index]);
    }
};

// Linux's struct timespec and timeval.
struct TimeSpec {
    std::int64_t seconds;
    std::int64_t nanoseconds;
};

#define TESSERA_SERVE(number, handler) std::int64_t handler(const Call& call);
namespace calls {
#include "core/linux/syscalls.def"
}
#undef TESSERA_SERVE

// Sleeps until woken, the deadline (since entry) or this core's timer. For blocking calls; interrupts are off.
enum class Woken : std::uint8_t { ByWaker, ByDeadline, ByTimer };
[[nodiscard]] Woken block(std::uint64_t deadline_ns);

}  // namespace tessera::libc
