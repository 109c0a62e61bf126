// Stacks of guarded runs: large, seldom deep, needed often and for a short time.
#pragma once

#include "runtime/stack.h"

#include <cstddef>

namespace tessera::runtime {

inline constexpr std::size_t kPageBytes = 4096;

// A stack of kGuardedStackBytes for as long as this lives; null if there is no memory for one.
class PooledStack {
  public:
    explicit PooledStack(Account* account);  // what it grows by is charged there, if there is one
    ~PooledStack();
    PooledStack(const PooledStack&) = delete;
    PooledStack& operator=(const PooledStack&) = delete;
    [[nodiscard]] Stack* get() const { return stack_; }

  private:
    Stack* stack_;
};

}  // namespace tessera::runtime
