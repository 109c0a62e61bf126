// Waiting on a word of memory. A thread is a core, so each core has at most one wait: the wait list is the list of
// cores, and a wake goes through it.
#include "core/linux/futex.h"

#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/base/assert.h"
#include "core/linux/syscalls.h"
#include "core/log/log.h"
#include "core/smp/cores.h"
#include "core/time/clock.h"
#include "core/trap/report.h"

namespace tessera::libc {

namespace {

constexpr std::uint64_t kWait = 0;
constexpr std::uint64_t kWake = 1;
constexpr std::uint64_t kRequeue = 3;
constexpr std::uint64_t kCompareRequeue = 4;
constexpr std::uint64_t kWaitBitset = 9;
constexpr std::uint64_t kWakeBitset = 10;
constexpr std::uint64_t kCommandMask = 0x7f;
constexpr std::uint64_t kClockRealtime = 256;
constexpr std::uint32_t kAllBits = 0xffff'ffff;

constinit arch::Spinlock lock{};

std::uint32_t load(std::uint64_t address) {
    // SAFETY: the futex word, an aligned atomic of the caller.
    return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(address), __ATOMIC_SEQ_CST);
}

// Wakes up to `count` waiters at `address`, and moves the others, up to `moved_max`, to wait at `target`.
std::int64_t wake_and_move(
    std::uint64_t address, std::uint32_t mask, std::uint64_t count, std::uint64_t target, std::uint64_t moved_max) {
    REQUIRES(address != 0);  // 0 is where cores wait that wait for nothing
    std::uint64_t done = 0;
    std::uint64_t moved = 0;
    for (arch::Cpu& cpu : arch::known_cpus()) {
        if (cpu.futex_address != address || (cpu.futex_mask & mask) == 0) {
            continue;
        }
        if (done < count) {
            done += 1;
            cpu.futex_address = 0;
            cpu.wake_pending.store(1, std::memory_order_release);
            smp::wake(cpu);
        } else if (moved < moved_max) {
            moved += 1;
            cpu.futex_address = target;
        } else {
            break;
        }
    }
    return static_cast<std::int64_t>(done + moved);
}

std::int64_t wait(std::uint64_t address, std::uint32_t expected, std::uint32_t mask, std::uint64_t deadline) {
    (void)load(address);  // its page comes in before the lock is taken
    arch::Cpu& cpu = arch::this_cpu();
    {
        const arch::IrqLock guard(lock);
        if (load(address) != expected) {
            return -kEagain;
        }
        ASSERT(cpu.futex_address == 0);  // one wait a core
        cpu.wake_pending.store(0, std::memory_order_relaxed);
        cpu.futex_mask = mask;
        cpu.futex_address = address;
    }
    const Woken why = block(deadline);
    const arch::IrqLock guard(lock);
    const bool woken = cpu.futex_address == 0;  // perhaps at the last moment
    cpu.futex_address = 0;
    cpu.wake_pending.store(0, std::memory_order_relaxed);
    if (woken) {
        return 0;
    }
    return why == Woken::ByTimer ? -kEintr : -kEtimedout;
}

std::uint64_t deadline_of(const TimeSpec* time, bool relative, bool realtime) {
    if (time == nullptr) {
        return arch::kNever;
    }
    const std::uint64_t ns =
        static_cast<std::uint64_t>(time->seconds) * time::kSecond + static_cast<std::uint64_t>(time->nanoseconds);
    if (relative) {
        return time::since_entry_ns() + ns;
    }
    if (!realtime) {
        return ns;
    }
    const std::uint64_t now = time::wall_ns();
    return time::since_entry_ns() + (ns > now ? ns - now : 0);
}

}  // namespace

void futex_wake_all(std::uint64_t address) {
    const arch::IrqLock guard(lock);
    (void)wake_and_move(address, kAllBits, arch::kCpuMax, 0, 0);
}

namespace calls {

std::int64_t futex(const Call& call) {
    const std::uint64_t operation = call.a[1] & kCommandMask;
    const bool realtime = (call.a[1] & kClockRealtime) != 0;
    const auto value = static_cast<std::uint32_t>(call.a[2]);
    if (call.a[0] % 4 != 0 || call.a[0] == 0) {
        return -kEinval;
    }
    switch (operation) {
    case kWait:
        return wait(call.a[0], value, kAllBits, deadline_of(call.pointer<const TimeSpec>(3), true, false));
    case kWaitBitset:
        return wait(call.a[0],
                    value,
                    static_cast<std::uint32_t>(call.a[5]),
                    deadline_of(call.pointer<const TimeSpec>(3), false, realtime));
    case kWake:
    case kWakeBitset: {
        const arch::IrqLock guard(lock);
        return wake_and_move(
            call.a[0], operation == kWake ? kAllBits : static_cast<std::uint32_t>(call.a[5]), value, 0, 0);
    }
    case kRequeue:
    case kCompareRequeue: {
        (void)load(call.a[0]);
        const arch::IrqLock guard(lock);
        if (operation == kCompareRequeue && load(call.a[0]) != static_cast<std::uint32_t>(call.a[5])) {
            return -kEagain;
        }
        return wake_and_move(call.a[0], kAllBits, value, call.a[4], call.a[3]);
    }
    default:
        log::print("\ntessera: futex operation {} is not served\n", operation);
        trap::stop_with_trace("a system call that is not served", call.frame.rip);
    }
}

}  // namespace calls
}  // namespace tessera::libc
