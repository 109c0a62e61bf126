#include "caps/kernel_guard.h"

#include "core/platform/platform.h"

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

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
    if (broken_) {
        return std::unexpected(*broken_);
    }
    if (heap_ == nullptr) {
        heap_ = runtime::Heap::create({.bytes_max = limits_.memory_bytes, .payer = limits_.payer});
        if (heap_ == nullptr) {
            return fail(Blame::Machine, std::string("no memory is left for ") + what_);
        }
    }
    struct Call {
        llvm::function_ref<Result<void>()> work;
        Result<void>* result;  // the work's own, so that half of it is no harm
    };
    Call call{work, nullptr};
    const char* failure = runtime::run_guarded(
        [](void* pointer) {
            auto& inner = *static_cast<Call*>(pointer);
            inner.result = new Result<void>(inner.work());
        },
        &call,
        *heap_,
        limits_.time_of_run,
        limits_.ends);
    if (failure != nullptr) {
        broken_ = Error{Blame::Kernel, std::string(what_) + " failed: " + failure};
        return std::unexpected(*broken_);
    }
    const std::unique_ptr<Result<void>> result(call.result);
    if (!*result) {
        const auto& error = result->error();
        return fail(error.blame, std::string(std::string_view(error.text)));
    }
    return {};
}

void install_guard_handlers() {
    safeir::install_llvm_error_handlers(on_llvm_error);
    platform::set_abort_handler(on_abort);
}

}  // namespace tessera::caps
