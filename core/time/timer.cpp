#include "core/time/timer.h"

#include "core/arch/cpu.h"
#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/hw/local_apic.h"
#include "core/time/clock.h"
#include "core/trap/trap.h"

namespace tessera::time {

namespace {
constexpr std::uint64_t kCountMax = 0xffff'fff0;
}

void start_timer() {
    arch::this_cpu().timer_deadline = arch::kNever;
    arch::this_cpu().sleep_deadline = arch::kNever;
    arch::this_cpu().timer_set_to = arch::kNever;
    if (arch::features().tsc_deadline) {
        hw::use_tsc_deadline();
    }
}

// The hardware is written only when it would interrupt too late: writing costs more than an interrupt now and then that
// finds nothing due (a timer that was disarmed or moved on, as a scheduler's is all the time).
void program_timer() {
    arch::Cpu& cpu = arch::this_cpu();
    const std::uint64_t deadline = cpu.timer_deadline < cpu.sleep_deadline ? cpu.timer_deadline : cpu.sleep_deadline;
    if (deadline >= cpu.timer_set_to) {
        return;
    }
    cpu.timer_set_to = deadline;
    if (arch::features().tsc_deadline) {
        arch::write_msr(arch::kMsrTscDeadline, tsc_at(deadline));
        return;
    }
    const std::uint64_t now = since_entry_ns();
    const std::uint64_t ticks = apic_ticks(deadline > now ? deadline - now : 0) + 1;
    hw::set_apic_timer(static_cast<std::uint32_t>(ticks < kCountMax ? ticks : kCountMax));
}

}  // namespace tessera::time

namespace tessera {

void trap::on_timer_interrupt(Frame& frame) {
    arch::Cpu& cpu = arch::this_cpu();
    cpu.timer_set_to = arch::kNever;  // it was one shot; a deadline beyond the counter's range is set again below
    const std::uint64_t now = time::since_entry_ns();
    if (cpu.timer_deadline <= now) {
        cpu.timer_deadline = arch::kNever;
        if (cpu.blocking) {
            cpu.timer_due = true;  // the blocking call returns EINTR, then the handler runs: see nucleus_syscall
        } else {
            trap::call_timer_handler(frame);
        }
    }
    if (cpu.sleep_deadline <= now) {
        cpu.sleep_deadline = arch::kNever;  // the sleeper looks at the clock
    }
    time::program_timer();
}

}  // namespace tessera
