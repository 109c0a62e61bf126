// Fibers that are ready to run, in the order in which they became so: they are whole programs, which take turns.
#pragma once

#include "runtime/spin_lock.h"

#include <atomic>
#include <cstddef>

namespace tessera::runtime {

struct Fiber;

class ReadyQueue {
  public:
    [[nodiscard]] bool empty() const { return count_.load() == 0; }
    // Of those that may be on another worker.
    [[nodiscard]] std::size_t shared_count() const { return shared_count_.load(); }
    void push(Fiber& fiber);
    // The first one, or the first that may be on another worker; null: there is none.
    [[nodiscard]] Fiber* pop();
    [[nodiscard]] Fiber* pop_for_another();

  private:
    [[nodiscard]] Fiber* take(bool (*fits)(const Fiber& fiber));

    SpinLock lock_;
    Fiber* first_ = nullptr;
    Fiber* last_ = nullptr;
    std::atomic<std::size_t> count_ = 0;
    std::atomic<std::size_t> shared_count_ = 0;
};

}  // namespace tessera::runtime
