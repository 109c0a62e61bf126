// libFuzzer on the lowering: valid LLVM modules, mutated as modules (its bitcode reader is not ours to fuzz). The
// lowering says what it can't lower, or makes a program that the checker takes: ninja test/fuzz/fuzz-lower, then
// fuzz-lower CORPUS. The lowering itself is not instrumented: inputs are found by mutation, not by coverage.
#include "safeir/check/checked_module.h"
#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/program/program.h"
#include "safeir/lower/unit/retarget.h"
#include "safeir/write/write_program.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/FuzzMutate/FuzzerCLI.h"
#include "llvm/FuzzMutate/IRMutator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace tessera;

constexpr const char* kFirst =
    R"(target datalayout = "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20"
target triple = "wasm32-unknown-wasip1"
@table = internal global [16 x i32] zeroinitializer
define i32 @f(i32 %a, i64 %b, double %c, ptr %p) {
  %slot = alloca [8 x i32]
  %q = getelementptr i32, ptr %p, i32 %a
  %v = load i32, ptr %q
  %k = icmp ult i32 %v, %a
  br i1 %k, label %yes, label %no
yes:
  %s = getelementptr [8 x i32], ptr %slot, i32 0, i32 %a
  store i32 %v, ptr %s
  br label %no
no:
  %m = phi i32 [ %v, %0 ], [ %a, %yes ]
  %t = getelementptr [16 x i32], ptr @table, i32 0, i32 %m
  %w = load i32, ptr %t
  ret i32 %w
}
define i32 @g(i32 %a, ptr %h) {
  %x = call i32 %h(i32 %a, i64 7, double 1.0, ptr @table)
  %y = call i32 @f(i32 %x, i64 3, double 2.0, ptr @table)
  ret i32 %y
}
define i32 @tessera_main() {
  %a = load i32, ptr @table
  %x = call i32 @g(i32 %a, ptr @f)
  ret i32 %x
}
)";

std::unique_ptr<llvm::Module> read(const std::uint8_t* data, std::size_t size, llvm::LLVMContext& context) {
    auto module = size > 1 ? llvm::parseModule(data, size, context) : nullptr;
    if (module == nullptr) {
        llvm::SMDiagnostic problem;
        module = llvm::parseAssembly(llvm::MemoryBufferRef(kFirst, "first"), problem, context);
    }
    // What has other pointers than a front end's is no input.
    return module != nullptr && (lower::is_retargeted(*module) || lower::retarget(*module).empty()) ? std::move(module)
                                                                                                    : nullptr;
}

}  // namespace

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max, unsigned seed);
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max, unsigned seed) {
    llvm::LLVMContext context;
    const auto module = read(data, size, context);
    if (module == nullptr) {
        return 0;
    }
    std::vector<llvm::TypeGetter> types = {
        llvm::Type::getInt1Ty,
        llvm::Type::getInt8Ty,
        llvm::Type::getInt16Ty,
        llvm::Type::getInt32Ty,
        llvm::Type::getInt64Ty,
        llvm::Type::getFloatTy,
        llvm::Type::getDoubleTy,
        [](llvm::LLVMContext& of) -> llvm::Type* { return llvm::PointerType::get(of, 0); },
        [](llvm::LLVMContext& of) -> llvm::Type* { return llvm::FixedVectorType::get(llvm::Type::getInt32Ty(of), 4); }};
    std::vector<std::unique_ptr<llvm::IRMutationStrategy>> strategies;
    strategies.push_back(std::make_unique<llvm::InjectorIRStrategy>(llvm::InjectorIRStrategy::getDefaultOps()));
    strategies.push_back(std::make_unique<llvm::InstDeleterIRStrategy>());
    strategies.push_back(std::make_unique<llvm::InstModificationIRStrategy>());
    llvm::IRMutator mutator(std::move(types), std::move(strategies));
    mutator.mutateModule(*module, static_cast<int>(seed), size_max);
    const std::size_t written = llvm::writeModule(*module, data, size_max);
    return written == 0 ? size : written;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    llvm::LLVMContext context;
    auto module = read(data, size, context);
    if (module == nullptr || llvm::verifyModule(*module)) {
        return 0;
    }
    lower::Diagnostics diagnostics;
    auto lowered = lower::lower_program(std::move(module), {}, diagnostics);
    if (!lowered || diagnostics.failed()) {
        return 0;
    }
    const auto sir = safeir::write_program(*lowered->module, lowered->image);
    if (!sir) {
        return 0;
    }
    if (const auto checked = safeir::check_program(*sir); !checked) {
        std::fprintf(stderr, "the lowering made what is refused: %s\n", checked.error().text.c_str());
        std::abort();
    }
    return 0;
}
