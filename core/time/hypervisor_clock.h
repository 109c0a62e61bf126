// kvm-clock: the hypervisor says how fast the time stamp counter runs and what time it is, so nothing is measured.
#pragma once

#include <cstdint>

namespace tessera::time {

struct HypervisorClock {
    std::uint64_t scale;            // nanoseconds per tick, 32 fraction bits; 0: no such clock
    std::uint64_t wall_at_boot_ns;  // time of day at the hypervisor's zero; 0 if unknown
    std::uint64_t apic_frequency;
};

[[nodiscard]] HypervisorClock find_hypervisor_clock();

}  // namespace tessera::time
