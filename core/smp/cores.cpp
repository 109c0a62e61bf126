#include "core/smp/cores.h"

#include "core/acpi/tables.h"
#include "core/arch/control.h"
#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/arch/vectors.h"
#include "core/base/assert.h"
#include "core/hw/local_apic.h"
#include "core/log/log.h"
#include "core/mem/kernel_map.h"
#include "core/mem/page_table.h"
#include "core/time/clock.h"
#include "core/time/timer.h"
#include "core/trap/trap.h"

#include <cstring>

extern "C" {
extern const char nucleus_trampoline[];
extern const char nucleus_trampoline_end[];
extern const char nucleus_trampoline_data[];
extern const char nucleus_trampoline_data_end[];
// Absolute symbols: offsets into the data.
extern const char nucleus_trampoline_gdt_address[];
extern const char nucleus_trampoline_cr3[];
extern const char nucleus_trampoline_cr4[];
extern const char nucleus_trampoline_efer[];
[[noreturn]] void nucleus_enter(const tessera::trap::Frame* frame);

// Used by trampoline.S: the number the next core takes, and each number's stack.
constinit std::uint32_t nucleus_next_core = 1;
constinit std::uint64_t nucleus_core_stacks[tessera::arch::kCpuMax]{};
}

namespace tessera::smp {

namespace {

constexpr std::uint64_t kSyscallStackSize = 16UL * 1024;
constexpr std::uint64_t kStartWaitNs = 500'000'000;
constexpr std::uint64_t kResendNs = 10'000'000;
constexpr std::uint64_t kLowMemoryEnd = 0x9f000;
constexpr std::uint64_t kTrampolineBytes = 2 * mem::kPageSize;

constinit std::uint64_t trampoline{};
constinit unsigned cores_expected = 1;
constinit std::atomic<unsigned> cores_known{0};
constinit trap::Frame start_frames[arch::kCpuMax]{};
constinit arch::Spinlock start_lock{};

// Two pages of usable memory below 640 KiB, as high as possible: firmware's own data lies at the bottom.
std::uint64_t find_low_pages(const Handoff& handoff) {
    std::uint64_t best = 0;
    for (std::size_t i = 0; i < handoff.memory_count; ++i) {
        const mem::PhysRange& range = handoff.memory[i];
        const std::uint64_t end =
            mem::round_down(range.end.value < kLowMemoryEnd ? range.end.value : kLowMemoryEnd, mem::kPageSize);
        if (end >= kTrampolineBytes + mem::kPageSize && end - kTrampolineBytes >= range.start.value &&
            end - kTrampolineBytes > best) {
            best = end - kTrampolineBytes;
        }
    }
    return best;
}

template <typename T>
void store(std::uint64_t base, const char* offset, T value) {
    // SAFETY: the trampoline's data page, mapped read-write; the symbol is an offset.
    std::memcpy(reinterpret_cast<void*>(base + reinterpret_cast<std::uint64_t>(offset)), &value, sizeof value);
}

bool place_trampoline() {
    const mem::PhysAddr code = {trampoline};
    const mem::PhysAddr data = {trampoline + mem::kPageSize};
    // Written first, executable afterwards, never both.
    if (!mem::map_range(
            code.value, code, kTrampolineBytes, mem::Access::ReadWrite, mem::Memory::Normal, mem::Pages::Small)) {
        return false;
    }
    const auto size = [](const char* start, const char* end) { return static_cast<std::size_t>(end - start); };
    // SAFETY: the two pages just mapped.
    std::memcpy(
        reinterpret_cast<void*>(code.value), nucleus_trampoline, size(nucleus_trampoline, nucleus_trampoline_end));
    std::memcpy(reinterpret_cast<void*>(data.value),
                nucleus_trampoline_data,
                size(nucleus_trampoline_data, nucleus_trampoline_data_end));
    constexpr std::uint64_t kEferActive = 1 << 10;
    store(data.value, nucleus_trampoline_gdt_address, static_cast<std::uint32_t>(data.value));
    store(data.value, nucleus_trampoline_cr3, static_cast<std::uint32_t>(mem::page_table_root().value));
    store(data.value, nucleus_trampoline_cr4, std::uint32_t{1 << 5});
    store(
        data.value, nucleus_trampoline_efer, static_cast<std::uint32_t>(arch::read_msr(arch::kMsrEfer) & ~kEferActive));
    if (!mem::map_trampoline(code, data)) {
        return false;
    }
    arch::flush_page(code.value);
    return true;
}

void send_start(std::uint32_t apic_id) {
    hw::send_ipi(apic_id, hw::Ipi::Startup, static_cast<unsigned>(trampoline / mem::kPageSize));
}

unsigned count_started() {
    unsigned count = 0;
    for (unsigned i = 0; i < cores_expected; ++i) {
        count += arch::cpus[i].state.load(std::memory_order_acquire) != arch::CpuState::Absent ? 1 : 0;
    }
    return count;
}

bool has_started(std::uint32_t apic_id) {
    for (unsigned i = 0; i < cores_expected; ++i) {
        if (arch::cpus[i].state.load(std::memory_order_acquire) != arch::CpuState::Absent &&
            arch::cpus[i].apic_id == apic_id) {
            return true;
        }
    }
    return false;
}

}  // namespace

void adopt_boot_core() {
    arch::Cpu& cpu = arch::cpus[0];
    cpu.index = 0;
    arch::load_descriptors(cpu);
    cpu.state.store(arch::CpuState::Running, std::memory_order_relaxed);
}

bool allocate_core_stacks(unsigned index) {
    REQUIRES(index < arch::kCpuMax);
    arch::Cpu& cpu = arch::cpus[index];
    cpu.index = index;
    cpu.syscall_stack = mem::allocate_stack(kSyscallStackSize);
    nucleus_core_stacks[index] = cpu.syscall_stack;
    return cpu.syscall_stack != 0 && trap::allocate_trap_stacks(index);
}

void start_cores(const Handoff& handoff) {
    const acpi::Machine& machine = acpi::machine();
    arch::cpus[0].apic_id = hw::local_apic_id();
    if (machine.core_count < 2) {
        return;
    }
    trampoline = find_low_pages(handoff);
    if (trampoline == 0 || !place_trampoline()) {
        log::verbose("no memory below 640 KiB to start other cores from");
        return;
    }
    unsigned count = 1;
    while (count < machine.core_count && count < arch::kCpuMax && allocate_core_stacks(count)) {
        count += 1;
    }
    cores_expected = count;
    arch::cpu_limit.store(count, std::memory_order_release);
    for (const bool startup : {false, true}) {
        unsigned started = 1;
        for (unsigned i = 0; i < machine.core_count && started < count; ++i) {
            if (machine.core_apic_ids[i] != arch::cpus[0].apic_id) {
                started += 1;
                if (startup) {
                    send_start(machine.core_apic_ids[i]);
                } else {
                    hw::send_ipi(machine.core_apic_ids[i], hw::Ipi::Init, 0);
                }
            }
        }
    }
}

unsigned core_count() {
    if (const unsigned known = cores_known.load(std::memory_order_acquire); known != 0) {
        return known;
    }
    const arch::IrqLock guard(start_lock);
    if (const unsigned known = cores_known.load(std::memory_order_acquire); known != 0) {
        return known;
    }
    const acpi::Machine& machine = acpi::machine();
    const std::uint64_t start = time::since_entry_ns();
    std::uint64_t resend = start + kResendNs;
    unsigned started = count_started();
    while (started < cores_expected && time::since_entry_ns() - start < kStartWaitNs) {
        if (time::since_entry_ns() > resend) {
            // A startup message can be lost; a core that has it already ignores another.
            for (unsigned i = 0; i < machine.core_count && i < cores_expected; ++i) {
                if (!has_started(machine.core_apic_ids[i]) && machine.core_apic_ids[i] != arch::cpus[0].apic_id) {
                    send_start(machine.core_apic_ids[i]);
                }
            }
            resend = time::since_entry_ns() + kResendNs;
        }
        arch::relax();
        arch::answer_flush();
        started = count_started();
    }
    log::verbose("{} of {} cores started", started, machine.core_count);
    if (started == cores_expected && trampoline != 0) {
        mem::unmap_trampoline({trampoline}, {trampoline + mem::kPageSize});
    }
    // Numbers are taken in the order of arrival, so the first `started` records are those that run.
    ASSERT(started >= 1 && started <= cores_expected);
    cores_known.store(started, std::memory_order_release);
    return started;
}

arch::Cpu* claim_core() {
    const unsigned count = core_count();
    for (;;) {
        // Looked at before the cores: one that parks meanwhile is then found parked.
        bool ending = false;
        for (unsigned i = 0; i < count; ++i) {
            ending = ending || arch::cpus[i].ending.load(std::memory_order_seq_cst) != 0;
        }
        for (unsigned i = 0; i < count; ++i) {
            arch::CpuState expected = arch::CpuState::Parked;
            if (arch::cpus[i].state.compare_exchange_strong(
                    expected, arch::CpuState::Claimed, std::memory_order_acq_rel)) {
                return &arch::cpus[i];
            }
        }
        if (!ending) {
            return nullptr;
        }
        // A thread that has been joined gives its core back in a moment.
        arch::relax();
        arch::answer_flush();
    }
}

void run_on(arch::Cpu& cpu, const trap::Frame& frame, std::uint64_t fs_base) {
    REQUIRES(cpu.state.load(std::memory_order_relaxed) == arch::CpuState::Claimed);
    start_frames[cpu.index] = frame;
    cpu.start_fs = fs_base;
    cpu.state.store(arch::CpuState::Running, std::memory_order_seq_cst);
    wake(cpu);
}

void park() {
    arch::interrupts_off();
    arch::Cpu& cpu = arch::this_cpu();
    cpu.blocking = false;
    cpu.futex_address = 0;
    cpu.clear_child_tid = 0;
    cpu.timer_deadline = arch::kNever;
    cpu.sleep_deadline = arch::kNever;
    time::program_timer();
    cpu.state.store(arch::CpuState::Parked, std::memory_order_seq_cst);
    cpu.ending.store(0, std::memory_order_seq_cst);
    while (cpu.state.load(std::memory_order_seq_cst) != arch::CpuState::Running) {
        arch::wait_for_interrupt();
    }
    // While parked it took no part in flushes.
    arch::answer_flush();
    constexpr std::uint32_t kMxcsrDefault = 0x1f80;
    asm volatile("fninit; ldmxcsr %0" ::"m"(kMxcsrDefault));
    arch::write_msr(arch::kMsrFsBase, cpu.start_fs);
    nucleus_enter(&start_frames[cpu.index]);
}

void wake(arch::Cpu& cpu) { hw::send_ipi(cpu.apic_id, hw::Ipi::Fixed, arch::kWakeVector); }

}  // namespace tessera::smp

extern "C" [[noreturn]] void nucleus_core_start(std::uint32_t index) {
    using namespace tessera;
    ASSERT(index < arch::kCpuMax);
    arch::Cpu& cpu = arch::cpus[index];
    arch::load_descriptors(cpu);
    arch::load_interrupt_table();
    arch::enable_features();
    arch::enable_syscall();
    hw::enable_local_apic();
    time::start_timer();
    cpu.apic_id = hw::local_apic_id();
    smp::park();
}
