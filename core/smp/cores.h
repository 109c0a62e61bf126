// All the machine's cores. A core runs at most one thread; without one it sleeps here until a thread is given to it.
#pragma once

#include "core/arch/cpu.h"
#include "core/platform/handoff.h"
#include "core/trap/frame.h"

#include <cstdint>

namespace tessera::smp {

// The core that boots becomes core 0. Before anything that takes a lock.
void adopt_boot_core();
// This core's stacks and controls; the descriptor tables must be loaded anew afterwards. False without memory.
[[nodiscard]] bool allocate_core_stacks(unsigned index);

// Tells the other cores to start and does not wait for them.
void start_cores(const Handoff& handoff);

// Cores that have come up. The first call waits for those that are still on their way, but not for ever.
[[nodiscard]] unsigned core_count();

// A parked core, claimed for a thread; null if there is none.
[[nodiscard]] arch::Cpu* claim_core();
// Lets a claimed core go on with these registers and this FS base.
void run_on(arch::Cpu& cpu, const trap::Frame& frame, std::uint64_t fs_base);
// The calling core's thread is over.
[[noreturn]] void park();

// Brings a sleeping core back to look around.
void wake(arch::Cpu& cpu);

}  // namespace tessera::smp
