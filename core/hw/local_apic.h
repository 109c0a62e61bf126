// The interrupt controller of each core: timer, messages between cores. [intel/vol3] 11.
#pragma once

#include <cstdint>

namespace tessera::hw {

enum class Ipi : std::uint32_t { Fixed = 0x000, NonMaskable = 0x400, Init = 0x500, Startup = 0x600 };

// First core first. False if its registers can't be mapped.
[[nodiscard]] bool find_local_apic();
void enable_local_apic();  // this core
[[nodiscard]] std::uint32_t local_apic_id();
void end_of_interrupt();
void send_ipi(std::uint32_t apic_id, Ipi kind, unsigned vector);
void send_nmi_to_others();

// One shot in units of the counter; 0 stops it.
void set_apic_timer(std::uint32_t count);
[[nodiscard]] std::uint32_t apic_timer_left();
// Switches this core's timer to TSC deadline mode.
void use_tsc_deadline();

// The old interrupt controllers, which firmware leaves in any state: all lines off.
void silence_legacy_interrupts();

}  // namespace tessera::hw
