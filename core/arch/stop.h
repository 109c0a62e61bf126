// The end of everything: other cores halted, the exit status delivered, the power switched off. Every floor may have
// to; core/smp/stop.cpp does it.
#pragma once

namespace tessera::arch {

// Something that takes an exit status and ends the machine by that (drivers/debug_exit).
using StatusDevice = void (*)(int status);
void set_status_device(StatusDevice device);

void stop_other_cores();  // any context; returns when they have been told
[[noreturn]] void stop_machine(int status);

}  // namespace tessera::arch
