// What each core has of its own. GS base points at it, always: the segment register belongs to the nucleus.
#pragma once

#include "core/arch/descriptors.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera::arch {

inline constexpr unsigned kCpuMax = 128;
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

enum class CpuState : std::uint32_t {
    Absent,   // not started yet
    Parked,   // waits for a thread
    Claimed,  // a thread is about to start on it
    Running,  // runs a thread
    Blocked,  // its thread sleeps in the nucleus, and touches nothing that may be unmapped
};

struct alignas(64) Cpu {
    Cpu* self;                    // gs:0
    std::uint64_t user_rsp;       // gs:8, scratch of the syscall entry
    std::uint64_t syscall_stack;  // gs:16, top
    std::uint32_t index;
    std::uint32_t apic_id;

    std::atomic<CpuState> state;
    std::atomic<std::uint64_t> flushed;       // flush_generation up to which this core holds no stale translation
    std::atomic<std::uint32_t> wake_pending;  // woken from a blocking call
    std::atomic<std::uint32_t> ending;        // its thread is over for those who join it, and the core is about to park

    // The thread that runs here.
    std::uint64_t clear_child_tid;
    std::uint64_t futex_address;  // 0: not waiting
    std::uint32_t futex_mask;
    std::uint64_t alternate_stack[3];
    const void* start_frame;  // Claimed: registers to start with
    std::uint64_t start_fs;

    // Deadlines in nanoseconds since entry; kNever if none.
    std::uint64_t timer_deadline;
    std::uint64_t sleep_deadline;
    std::uint64_t timer_set_to;  // when the hardware will interrupt; may be earlier than needed
    bool blocking;               // inside a blocking call: the timer only notes that it is due
    bool timer_due;              // and the call ends with EINTR

    std::uint32_t trap_depth;
    std::uint64_t trap_stack_bottom;
    DescriptorTables tables;
};

static_assert(offsetof(Cpu, self) == 0 && offsetof(Cpu, user_rsp) == 8 && offsetof(Cpu, syscall_stack) == 16,
              "core/linux/syscall_entry.S uses these offsets");

extern Cpu cpus[kCpuMax];
// Records from this one on are not in use.
inline constinit std::atomic<unsigned> cpu_limit{1};
// Counts changes of the page table that every core has to know of. Incremented after the change.
inline constinit std::atomic<std::uint64_t> flush_generation{0};

[[nodiscard]] inline std::span<Cpu> known_cpus() { return {cpus, cpu_limit.load(std::memory_order_acquire)}; }

[[nodiscard]] inline Cpu& this_cpu() {
    Cpu* cpu;
    asm("movq %%gs:0, %0" : "=r"(cpu));
    return *cpu;
}

}  // namespace tessera::arch
