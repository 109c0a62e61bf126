// A lock for the nucleus. Held with interrupts off, and briefly; a core that waits for it still answers requests to
// flush its TLB, since the holder may be waiting for just that.
#pragma once

#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/base/assert.h"

#include <atomic>
#include <cstdint>

namespace tessera::arch {

// Flushes this core's TLB if it may hold what another core has changed.
inline void answer_flush() {
    Cpu& cpu = this_cpu();
    const std::uint64_t generation = flush_generation.load(std::memory_order_seq_cst);
    if (cpu.flushed.load(std::memory_order_relaxed) != generation) {
        write_cr3(read_cr3());
        cpu.flushed.store(generation, std::memory_order_release);
    }
}

// Set when the kernel stops: the other cores are halted, perhaps holding locks, and the one that reports must get on.
inline constinit std::atomic<bool> locks_ignored{false};

class Spinlock {
  public:
    // Interrupts are off already.
    void lock() {
        while (held_.exchange(1, std::memory_order_acquire) != 0) {
            if (locks_ignored.load(std::memory_order_relaxed)) {
                return;
            }
            relax();
            answer_flush();
        }
    }
    void unlock() {
        ASSERT(held_.load(std::memory_order_relaxed) != 0 || locks_ignored.load(std::memory_order_relaxed));
        held_.store(0, std::memory_order_release);
    }

  private:
    std::atomic<std::uint32_t> held_{0};
};

// Holds a lock, with interrupts off for as long.
class IrqLock {
  public:
    explicit IrqLock(Spinlock& lock) : lock_(lock), flags_(save_flags_interrupts_off()) { lock_.lock(); }
    ~IrqLock() {
        lock_.unlock();
        restore_flags(flags_);
    }
    IrqLock(const IrqLock&) = delete;
    IrqLock& operator=(const IrqLock&) = delete;

  private:
    Spinlock& lock_;
    std::uint64_t flags_;
};

}  // namespace tessera::arch
