// Exceptions and interrupts: demand paging, the runtime's handlers, and the report when nobody can go on.
#pragma once

#include "core/platform/platform.h"
#include "core/trap/frame.h"

namespace tessera::trap {

// Stacks for all kinds of traps, before the core's first trap. False without memory.
[[nodiscard]] bool allocate_trap_stacks(unsigned cpu);

void set_handler(platform::TrapHandler handler);
void set_timer_handler(platform::TimerHandler handler);

// Calls the runtime's timer handler on the interrupted registers. Interrupts are off.
void call_timer_handler(Frame& frame);

// What the timer's interrupt calls: core/time has it.
void on_timer_interrupt(Frame& frame);

}  // namespace tessera::trap
