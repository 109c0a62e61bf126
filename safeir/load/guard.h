// A wall around work for a program: what fails inside (report_fatal_error, abort, no memory, a fault, too much time)
// ends the one load.
#pragma once

#include "core/base/result.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <memory>
#include <utility>

namespace tessera::safeir {

// The kernel's runs work with a stack and memory of the guard's own, with limits, and come back with an error whatever
// happens. They may end at any instruction: what the caller sees of it afterwards is either in the hands of a lock that
// the work took, or has no destructor. After an error nothing of the guard's memory may be used, and every further run
// fails. Tools use the plain one, where a failure of LLVM ends the process.
class Guard {
  public:
    virtual ~Guard() = default;
    // Runs of one guard are of one thread at a time. Inside a run, another one is a part of it.
    [[nodiscard]] virtual Result<void> run(llvm::function_ref<Result<void>()> work) = 0;
    // Whether all memory of its runs goes with the guard: then nothing that was made in them is destroyed.
    [[nodiscard]] virtual bool drops_memory() const { return false; }
};

// Something that was made in guarded work, and lives at most as long as the guard.
struct Destroy {
    bool wanted = true;
    template <typename T>
    void operator()(T* object) const {
        if (wanted) {
            delete object;
        }
    }
};
template <typename T>
using GuardedPtr = std::unique_ptr<T, Destroy>;
template <typename T>
[[nodiscard]] GuardedPtr<T> guarded(const Guard& guard, T* object) {
    return GuardedPtr<T>(object, Destroy{!guard.drops_memory()});
}

class PlainGuard final : public Guard {
  public:
    Result<void> run(llvm::function_ref<Result<void>()> work) override { return work(); }
};

// Leads LLVM's fatal errors and failed allocations to `escape`, which must not return while guarded work runs.
using EscapeFunction = void (*)(const char* reason);
void install_llvm_error_handlers(EscapeFunction escape);

}  // namespace tessera::safeir
