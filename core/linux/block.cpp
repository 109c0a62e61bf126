#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/linux/syscalls.h"
#include "core/time/clock.h"
#include "core/time/timer.h"

namespace tessera::libc {

Woken block(std::uint64_t deadline_ns) {
    arch::Cpu& cpu = arch::this_cpu();
    cpu.blocking = true;
    cpu.sleep_deadline = deadline_ns;
    if (deadline_ns != arch::kNever) {
        time::program_timer();
    }
    cpu.state.store(arch::CpuState::Blocked, std::memory_order_seq_cst);
    Woken why = Woken::ByWaker;
    for (;;) {
        if (cpu.wake_pending.exchange(0, std::memory_order_acquire) != 0) {
            break;
        }
        if (cpu.timer_due) {
            why = Woken::ByTimer;
            break;
        }
        if (deadline_ns != arch::kNever && time::since_entry_ns() >= deadline_ns) {
            why = Woken::ByDeadline;
            break;
        }
        arch::wait_for_interrupt();
    }
    // Running first, so that flushes from now on count this core in; then what it missed.
    cpu.state.store(arch::CpuState::Running, std::memory_order_seq_cst);
    arch::answer_flush();
    cpu.blocking = false;
    cpu.sleep_deadline = arch::kNever;
    return why;
}

}  // namespace tessera::libc
