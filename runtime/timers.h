// When waits end by themselves: a pairing heap, which needs nothing but what lies in its elements.
#pragma once

#include "runtime/spin_lock.h"
#include "runtime/wait.h"

#include <atomic>
#include <cstdint>

namespace tessera::runtime {

class Timers {
  public:
    // The earliest, kNever if there is none. From any context.
    [[nodiscard]] std::int64_t next_ns() const { return next_ns_.load(); }

    void add(Wait& wait);
    void remove(Wait& wait);  // if it is there
    // The first one that is due and that nobody else lets go on: it is Taken, and out of here. Null: there is none.
    [[nodiscard]] Wait* take_due(std::int64_t now_ns);

  private:
    static Wait* meld(Wait* one, Wait* other);
    static Wait* meld_all(Wait* first);
    void take_out(Wait& wait);
    void set_root(Wait* wait);

    SpinLock lock_;
    Wait* root_ = nullptr;
    std::atomic<std::int64_t> next_ns_ = kNever;
};

}  // namespace tessera::runtime
