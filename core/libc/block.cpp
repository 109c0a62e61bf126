#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/libc/syscalls.h"
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
    Woken why = Woken::ByWaker;
    for (;;) {
        arch::answer_flush();
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
    cpu.blocking = false;
    cpu.sleep_deadline = arch::kNever;
    return why;
}

} // namespace tessera::libc
