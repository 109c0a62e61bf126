// The kernel's fiber that ends what nobody waits for, and tells loaded programs of their objects' ends. It is there
// while anything is that was loaded at run time.
#pragma once

#include "core/base/result.h"
#include "runtime/worker.h"

namespace tessera::caps {

class Estate;
class Instance;

class Reaper {
  public:
    // From now on until as many releases. Fails if there is no memory for the fiber. On a fiber.
    [[nodiscard]] static Result<void> need(runtime::Scheduler& scheduler);
    static void release();
    // What is closed comes to its end. From any context; takes no memory.
    static void add(Estate& closed);
    // A program is told that objects of it were let go of, on a fiber of its own.
    static void tell(Instance& instance);

  private:
    static void work();
};

}  // namespace tessera::caps
