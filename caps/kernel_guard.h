// The kernel's wall around loading: safeir's Guard made of runtime's guarded runs, which share a heap.
#pragma once

#include "runtime/guarded_run.h"
#include "safeir/load/guard.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace tessera::caps {

class KernelGuard final : public safeir::Guard {
  public:
    struct Limits {
        std::uint64_t memory_bytes = std::uint64_t{2} << 30U;              // of all runs together
        std::chrono::nanoseconds time_of_run = std::chrono::seconds(120);  // without what others had of its core
        runtime::HeapPayer payer{};
        runtime::RunEnds ends = runtime::RunEnds::WithProgram;
    };
    // `what` names the work in errors: "code generation".
    KernelGuard(const char* what, const Limits& limits) : what_(what), limits_(limits) {}
    [[nodiscard]] Result<void> run(llvm::function_ref<Result<void>()> work) override;
    [[nodiscard]] bool drops_memory() const override { return true; }
    // Of the runs from now on.
    void let_end(runtime::RunEnds ends) { limits_.ends = ends; }
    // Until the first run there is none.
    [[nodiscard]] std::uint64_t taken_bytes() const { return heap_ == nullptr ? 0 : heap_->taken_bytes(); }

  private:
    const char* what_;
    Limits limits_;
    runtime::Heap::Owner heap_;
    std::optional<Error> broken_;
};

// Leads LLVM's fatal errors and abort() to the guarded run in which they happen.
void install_guard_handlers();

}  // namespace tessera::caps
