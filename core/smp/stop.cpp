#include "core/arch/stop.h"

#include "core/acpi/power.h"
#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/hw/local_apic.h"

#include <atomic>

namespace tessera::arch {

namespace {
constinit std::atomic<bool> stopping{false};
constinit std::atomic<StatusDevice> status_device{nullptr};
}  // namespace

void set_status_device(StatusDevice device) { status_device.store(device); }

void stop_other_cores() {
    if (stopping.exchange(true)) {
        return;
    }
    locks_ignored.store(true);  // they may be held by those that are about to stop
    for (const Cpu& cpu : known_cpus()) {
        if (&cpu != &this_cpu() && cpu.state.load() != CpuState::Absent) {
            hw::send_ipi(cpu.apic_id, hw::Ipi::NonMaskable, 0);
        }
    }
}

void stop_machine(int status) {
    stop_other_cores();
    if (const StatusDevice device = status_device.load(); device != nullptr) {
        device(status);
    }
    acpi::power_off();
    halt_for_ever();
}

}  // namespace tessera::arch
