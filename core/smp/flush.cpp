#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/hw/local_apic.h"
#include "core/mem/address.h"
#include "core/mem/tlb.h"
#include "core/trap/trap.h"

namespace tessera::mem {

void flush_all_cores(std::uint64_t start, std::uint64_t end) {
    const arch::Cpu& self = arch::this_cpu();
    if (end - start <= kFlushSinglePagesMax * kPageSize) {
        for (std::uint64_t at = start; at < end; at += kPageSize) {
            arch::flush_page(at);
        }
    } else {
        arch::write_cr3(arch::read_cr3());
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);
    // Parked cores run no program code and flush before they start to.
    for (arch::Cpu& cpu : arch::cpus) {
        if (cpu.self == nullptr || cpu.index == self.index ||
            cpu.state.load(std::memory_order_seq_cst) != arch::CpuState::Running) {
            continue;
        }
        cpu.flush_pending.store(1, std::memory_order_seq_cst);
        hw::send_ipi(cpu.apic_id, hw::Ipi::Fixed, trap::kFlushVector);
    }
    for (arch::Cpu& cpu : arch::cpus) {
        while (cpu.self != nullptr && cpu.index != self.index &&
               cpu.flush_pending.load(std::memory_order_acquire) != 0 &&
               cpu.state.load(std::memory_order_acquire) == arch::CpuState::Running) {
            arch::relax();
        }
    }
}

} // namespace tessera::mem
