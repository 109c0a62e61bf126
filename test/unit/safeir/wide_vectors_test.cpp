// Which functions get AVX-512's registers: those that compute on wide vectors, not those where a vectoriser left some.
#include "safeir/load/clone.h"
#include "safeir/load/wide_vectors.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/SourceMgr.h"

#include <catch2/catch.hpp>
#include <string>

using namespace tessera;

namespace {

struct Parsed {
    explicit Parsed(const std::string& text) {
        llvm::SMDiagnostic error;
        module = llvm::parseAssemblyString(text, error, context);
        INFO(error.getMessage().str());
        REQUIRE(module != nullptr);
    }
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> module;
};

bool is_wide(const std::string& function) {
    const Parsed parsed(function + R"(
declare <16 x i32> @g(<16 x i32>)
declare <16 x i32> @llvm.umax.v16i32(<16 x i32>, <16 x i32>)
)");
    const bool useful = safeir::is_useful(safeir::Features::X86_64_v4, *parsed.module);
    CHECK(useful == safeir::works_on_wide_vectors(*parsed.module->getFunction("f")));
    CHECK(safeir::is_useful(safeir::Features::X86_64_v3, *parsed.module));
    return useful;
}

const char* const kWide = R"(
define internal void @f(ptr %p) {
  %v = load <16 x float>, ptr %p, align 1
  %s = fadd <16 x float> %v, %v
  store <16 x float> %s, ptr %p, align 1
  ret void
}
define internal void @narrow(ptr %p) {
  %v = load <8 x float>, ptr %p, align 1
  %s = fadd <8 x float> %v, %v
  store <8 x float> %s, ptr %p, align 1
  ret void
}
)";

}  // namespace

TEST_CASE("a wide vector that is kept, computed from memory or passed makes a function wide", "[safeir][load]") {
    CHECK(is_wide(kWide));
    CHECK(is_wide("define <8 x i64> @f(i64 %x) { ret <8 x i64> zeroinitializer }"));
    CHECK(is_wide("define void @f(<64 x i8> %v) { ret void }"));
    CHECK(is_wide("define { i32, <8 x double> } @f() { ret { i32, <8 x double> } zeroinitializer }"));
    CHECK(is_wide("define void @f() { %r = call <16 x i32> @g(<16 x i32> zeroinitializer) ret void }"));
    CHECK(is_wide(R"(
define void @f() {
  br label %loop
loop:
  %v = phi <8 x i64> [ zeroinitializer, %0 ], [ %w, %loop ]
  %w = add <8 x i64> %v, splat (i64 1)
  br label %loop
})"));
}

TEST_CASE("what a vectoriser leaves in between does not", "[safeir][load]") {
    CHECK_FALSE(is_wide("define void @f(<8 x float> %v) { ret void }"));
    CHECK_FALSE(is_wide(R"(
define void @f(ptr %p, ptr %q) {
  %v = load <16 x i8>, ptr %p, align 1
  %w = zext <16 x i8> %v to <16 x i32>
  %m = call <16 x i32> @llvm.umax.v16i32(<16 x i32> %w, <16 x i32> splat (i32 3))
  %n = trunc <16 x i32> %m to <16 x i8>
  store <16 x i8> %n, ptr %q, align 1
  ret void
})"));
    CHECK_FALSE(is_wide(R"(
define <8 x i32> @f(ptr %p, ptr %q) {
  %v = load <16 x i32>, ptr %p, align 1
  %a = shufflevector <16 x i32> %v, <16 x i32> zeroinitializer, <8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 8, i32 10, i32 12, i32 14>
  %w = load <64 x i8>, ptr %p, align 1
  store <64 x i8> %w, ptr %q, align 1
  %s = shufflevector <8 x i32> %a, <8 x i32> %a, <16 x i32> <i32 0, i32 8, i32 1, i32 9, i32 2, i32 10, i32 3, i32 11, i32 4, i32 12, i32 5, i32 13, i32 6, i32 14, i32 7, i32 15>
  store <16 x i32> %s, ptr %q, align 1
  ret <8 x i32> %a
})"));
}

TEST_CASE("only wide functions of a program are compiled for AVX-512", "[safeir][load]") {
    const Parsed parsed(kWide);
    const safeir::SymbolNames names(*parsed.module);
    const auto cpus = [&](safeir::Features features) {
        std::string text;
        const auto module = safeir::clone_whole(*parsed.module, names, features);
        for (const auto& function : *module) {
            text += function.getFnAttribute("target-cpu").getValueAsString().str() + " ";
        }
        return text;
    };
    CHECK(cpus(safeir::Features::X86_64_v4) == "x86-64-v4 x86-64-v3 ");
    CHECK(cpus(safeir::Features::X86_64_v3) == "x86-64-v3 x86-64-v3 ");
    CHECK(cpus(safeir::Features::X86_64) == "x86-64 x86-64 ");
}
