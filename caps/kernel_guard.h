// The kernel's wall around LLVM: safeir's Guard made of runtime's guarded runs.
#pragma once

#include "runtime/guarded_run.h"
#include "safeir/load/guard.h"

namespace tessera::caps {

class KernelGuard final : public safeir::Guard {
  public:
    // `what` names the work in errors: "code generation".
    KernelGuard(const char* what, runtime::RunLimits limits) : what_(what), limits_(limits) {}
    [[nodiscard]] Result<void> run(llvm::function_ref<Result<void>()> work) override;
    void pause() override { runtime::pause_background(); }

  private:
    const char* what_;
    runtime::RunLimits limits_;
};

// Leads LLVM's fatal errors and abort() to the guarded run in which they happen.
void install_guard_handlers();

}  // namespace tessera::caps
