#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/arch/vectors.h"
#include "core/base/assert.h"
#include "core/hw/local_apic.h"
#include "core/mem/address.h"
#include "core/mem/tlb.h"

namespace tessera::mem {

void flush_all_cores(std::uint64_t start, std::uint64_t end) {
    REQUIRES(start <= end);
    arch::Cpu& self = arch::this_cpu();
    const std::uint64_t generation = arch::flush_generation.fetch_add(1, std::memory_order_seq_cst) + 1;
    const bool up_to_date = self.flushed.load(std::memory_order_relaxed) == generation - 1;
    if (up_to_date && end - start <= kFlushSinglePagesMax * kPageSize) {
        for (std::uint64_t at = start; at < end; at += kPageSize) {
            arch::flush_page(at);
        }
    } else {
        arch::write_cr3(arch::read_cr3());
    }
    self.flushed.store(generation, std::memory_order_release);
    // Parked and blocked cores touch nothing that changes, and flush before they go on.
    const auto must_hear = [&](const arch::Cpu& cpu) {
        return &cpu != &self && cpu.state.load(std::memory_order_seq_cst) == arch::CpuState::Running &&
               cpu.flushed.load(std::memory_order_acquire) < generation;
    };
    for (const arch::Cpu& cpu : arch::known_cpus()) {
        if (must_hear(cpu)) {
            hw::send_ipi(cpu.apic_id, hw::Ipi::Fixed, arch::kFlushVector);
        }
    }
    for (const arch::Cpu& cpu : arch::known_cpus()) {
        while (must_hear(cpu)) {
            arch::relax();
        }
    }
}

}  // namespace tessera::mem
