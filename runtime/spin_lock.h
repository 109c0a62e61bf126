// A lock for a few instructions, that lies anywhere and may be left by another stack than took it, as long as that is
// on the same core. Kernel code is not interrupted by others of its core, so whoever holds it is running, or is about
// to be where threads have no cores of their own.
//
// Guarded work that takes one is in a deferred section (deferral.h).
#pragma once

#include <atomic>
#include <thread>

namespace tessera::runtime {

class SpinLock {
  public:
    void lock() {
        while (taken_.exchange(true, std::memory_order_acquire)) {
            constexpr unsigned kLooks = 100;
            for (unsigned look = 0; taken_.load(std::memory_order_relaxed); ++look) {
                if (look < kLooks) {
                    __builtin_ia32_pause();
                } else {
                    std::this_thread::yield();  // hosted: its thread may have lost its core
                }
            }
        }
    }
    void unlock() { taken_.store(false, std::memory_order_release); }

  private:
    std::atomic<bool> taken_ = false;
};

}  // namespace tessera::runtime
