// A wall around LLVM: what fails inside (report_fatal_error, abort, no memory, a fault, too much time) ends the one
// load.
#pragma once

#include "core/base/result.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <string_view>

namespace tessera::safeir {

// The kernel's runs work on a big stack, with limits, and comes back with an error whatever happens; what the work had
// allocated is then abandoned. Tools use the plain one, where a failure of LLVM ends the process.
class Guard {
  public:
    virtual ~Guard() = default;
    [[nodiscard]] virtual Result<void> run(llvm::function_ref<Result<void>()> work) = 0;
    // Called inside the work, often, while it holds no lock: others may have the core meanwhile.
    virtual void pause() {}
};

class PlainGuard final : public Guard {
  public:
    Result<void> run(llvm::function_ref<Result<void>()> work) override { return work(); }
};

// Leads LLVM's fatal errors and failed allocations to `escape`, which must not return while guarded work runs.
using EscapeFunction = void (*)(const char* reason);
void install_llvm_error_handlers(EscapeFunction escape);

}  // namespace tessera::safeir
