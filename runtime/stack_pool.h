// Stacks that are kept for the next one who needs one: of guarded runs, which are large, seldom deep, needed often and
// for a short time, and of fibers.
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

// The stack of a fiber: one that another has left, if there is one.
[[nodiscard]] Result<Stack> take_fiber_stack(Account* account);
void leave_fiber_stack(Stack&& stack);

}  // namespace tessera::runtime
