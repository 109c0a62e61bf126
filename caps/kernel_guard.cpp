#include "caps/kernel_guard.h"

#include "core/platform/platform.h"

#include <array>
#include <cstring>

namespace tessera::caps {
namespace {

// LLVM's reason outlives the run that it ends only in a copy.
constinit thread_local std::array<char, 256> llvm_reason{};

void on_llvm_error(const char* reason) {
    std::strncpy(llvm_reason.data(), reason == nullptr ? "?" : reason, llvm_reason.size() - 1);
    runtime::escape_guarded_run(llvm_reason.data());
}

void on_abort() noexcept { runtime::escape_guarded_run("it called abort"); }

}  // namespace

Result<void> KernelGuard::run(llvm::function_ref<Result<void>()> work) {
    struct Call {
        llvm::function_ref<Result<void>()> work;
        Result<void>* result;
    };
    Result<void> result;
    Call call{work, &result};
    const char* failure = runtime::run_guarded(
        [](void* pointer) {
            auto& inner = *static_cast<Call*>(pointer);
            *inner.result = inner.work();
        },
        &call,
        limits_);
    if (failure != nullptr) {
        return fail(Blame::Kernel, std::string(what_) + " failed: " + failure);
    }
    return result;
}

void install_guard_handlers() {
    safeir::install_llvm_error_handlers(on_llvm_error);
    platform::set_abort_handler(on_abort);
}

}  // namespace tessera::caps
