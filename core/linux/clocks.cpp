#include "core/arch/cpu.h"
#include "core/linux/syscalls.h"
#include "core/time/clock.h"

namespace tessera::libc::calls {

namespace {

enum Clock : std::uint64_t {
    kRealtime = 0,
    kMonotonic = 1,
    kProcessTime = 2,
    kThreadTime = 3,
    kMonotonicRaw = 4,
    kRealtimeCoarse = 5,
    kMonotonicCoarse = 6,
    kBootTime = 7,
};
constexpr std::uint64_t kAbsolute = 1;

bool is_realtime(std::uint64_t clock) { return clock == kRealtime || clock == kRealtimeCoarse; }
bool is_clock(std::uint64_t clock) { return clock <= kBootTime; }
std::uint64_t now(std::uint64_t clock) {
    return is_realtime(clock) ? tessera::time::wall_ns() : tessera::time::since_entry_ns();
}

TimeSpec to_spec(std::uint64_t ns) {
    return {static_cast<std::int64_t>(ns / tessera::time::kSecond),
            static_cast<std::int64_t>(ns % tessera::time::kSecond)};
}

std::int64_t sleep_until(std::uint64_t deadline, TimeSpec* left) {
    arch::this_cpu().wake_pending.store(0, std::memory_order_relaxed);
    for (;;) {
        switch (block(deadline)) {
        case Woken::ByDeadline:
            return 0;
        case Woken::ByWaker:
            continue;
        case Woken::ByTimer:
            if (left != nullptr) {
                const std::uint64_t at = tessera::time::since_entry_ns();
                *left = to_spec(deadline > at ? deadline - at : 0);
            }
            return -kEintr;
        }
    }
}

std::int64_t sleep(std::uint64_t clock, bool absolute, const TimeSpec* wanted, TimeSpec* left) {
    if (!is_clock(clock) || wanted->seconds < 0 || wanted->nanoseconds < 0 ||
        wanted->nanoseconds >= static_cast<std::int64_t>(tessera::time::kSecond)) {
        return -kEinval;
    }
    std::uint64_t ns = static_cast<std::uint64_t>(wanted->seconds) * tessera::time::kSecond +
                       static_cast<std::uint64_t>(wanted->nanoseconds);
    if (absolute) {
        const std::uint64_t at = now(clock);
        ns = ns > at ? ns - at : 0;
    }
    return sleep_until(tessera::time::since_entry_ns() + ns, absolute ? nullptr : left);
}

}  // namespace

std::int64_t clock_gettime(const Call& call) {
    if (!is_clock(call.a[0])) {
        return -kEinval;
    }
    *call.pointer<TimeSpec>(1) = to_spec(now(call.a[0]));
    return 0;
}

std::int64_t clock_getres(const Call& call) {
    if (!is_clock(call.a[0])) {
        return -kEinval;
    }
    if (auto* resolution = call.pointer<TimeSpec>(1)) {
        *resolution = {0, 1};
    }
    return 0;
}

std::int64_t gettimeofday(const Call& call) {
    if (auto* value = call.pointer<TimeSpec>(0)) {
        *value = to_spec(tessera::time::wall_ns());
        value->nanoseconds /= 1000;  // struct timeval counts microseconds
    }
    return 0;
}

std::int64_t time(const Call& call) {
    const auto seconds = static_cast<std::int64_t>(tessera::time::wall_ns() / tessera::time::kSecond);
    if (auto* value = call.pointer<std::int64_t>(0)) {
        *value = seconds;
    }
    return seconds;
}

std::int64_t nanosleep(const Call& call) {
    return sleep(kMonotonic, false, call.pointer<const TimeSpec>(0), call.pointer<TimeSpec>(1));
}

std::int64_t clock_nanosleep(const Call& call) {
    return sleep(call.a[0], (call.a[1] & kAbsolute) != 0, call.pointer<const TimeSpec>(2), call.pointer<TimeSpec>(3));
}

}  // namespace tessera::libc::calls
