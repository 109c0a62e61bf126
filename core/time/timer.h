// One deadline timer per core, shared by the runtime's timer and the nucleus's own sleeps.
#pragma once

namespace tessera::time {

void start_timer();    // this core, after its local APIC
void program_timer();  // this core's nearest deadline, after one was changed; interrupts are off

}  // namespace tessera::time
