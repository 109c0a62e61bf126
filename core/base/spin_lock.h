// A lock for a few instructions of kernel code that neither waits nor allocates: it is not given away while it is held,
// as kernel code is not preempted, and costs a tenth of a mutex. Locks and unlocks as std::scoped_lock wants it.
#pragma once

#include <atomic>

namespace tessera {

class SpinLock {
  public:
    SpinLock() = default;
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;

    void lock() {
        while (taken_.exchange(true, std::memory_order_acquire)) {
            while (taken_.load(std::memory_order_relaxed)) {
                __builtin_ia32_pause();
            }
        }
    }
    void unlock() { taken_.store(false, std::memory_order_release); }
    [[nodiscard]] bool try_lock() { return !taken_.exchange(true, std::memory_order_acquire); }

  private:
    std::atomic<bool> taken_ = false;
};

}  // namespace tessera
