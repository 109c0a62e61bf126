// What is made easy to select uses nothing more often than before: a load that races may give each use another number.
#include "safeir/load/ease.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Verifier.h"

#include <array>
#include <catch2/catch.hpp>
#include <functional>

using namespace tessera;

namespace {

constexpr std::array kWidths = {8U, 16U, 32U, 64U};

// A function whose numbers all come from memory, each load used once.
class Racing {
  public:
    Racing() {
        function_ = llvm::Function::Create(llvm::FunctionType::get(b.getVoidTy(), {b.getPtrTy()}, false),
                                           llvm::Function::ExternalLinkage,
                                           "f",
                                           module_);
        b.SetInsertPoint(llvm::BasicBlock::Create(context_, "", function_));
    }

    llvm::Value* loaded(unsigned bits) { return b.CreateLoad(b.getIntNTy(bits), memory()); }
    llvm::Value* bit() { return b.CreateTrunc(loaded(8), b.getInt1Ty()); }
    llvm::Value* memory() { return function_->getArg(0); }
    llvm::Function& function() { return *function_; }

    // Once the function is complete.
    void ease() {
        REQUIRE(!llvm::verifyModule(module_));
        safeir::ease_selection(module_);
        REQUIRE(!llvm::verifyModule(module_));
    }

    // How many loads, and truncations of one, have more than one use.
    unsigned used_twice() {
        unsigned count = 0;
        for (const auto& instruction : llvm::instructions(*function_)) {
            const bool is_given =
                llvm::isa<llvm::LoadInst>(instruction) ||
                (llvm::isa<llvm::TruncInst>(instruction) && llvm::isa<llvm::LoadInst>(instruction.getOperand(0)));
            count += is_given && !instruction.hasOneUse() ? 1 : 0;
        }
        return count;
    }

    template <typename Instruction>
    unsigned count() {
        unsigned count = 0;
        for (const auto& instruction : llvm::instructions(*function_)) {
            count += llvm::isa<Instruction>(instruction) ? 1 : 0;
        }
        return count;
    }

  private:
    llvm::LLVMContext context_;
    llvm::Module module_{"ease", context_};
    llvm::Function* function_ = nullptr;

  public:
    llvm::IRBuilder<> b{context_};
};

}  // namespace

TEST_CASE("a minimum or maximum of racing loads compares and gives the same number", "[safeir][load]") {
    for (const auto which :
         {llvm::Intrinsic::umin, llvm::Intrinsic::umax, llvm::Intrinsic::smin, llvm::Intrinsic::smax}) {
        Racing racing;
        for (const unsigned bits : kWidths) {
            auto* const both = racing.b.CreateBinaryIntrinsic(which, racing.loaded(bits), racing.loaded(bits));
            racing.b.CreateStore(both, racing.memory());
            auto* const seven = racing.b.CreateBinaryIntrinsic(which, racing.b.getIntN(bits, 7), racing.loaded(bits));
            racing.b.CreateStore(seven, racing.memory());
        }
        racing.b.CreateRetVoid();
        racing.ease();
        CHECK(racing.count<llvm::IntrinsicInst>() == 0);
        CHECK(racing.count<llvm::SelectInst>() == 2 * kWidths.size());
        CHECK(racing.used_twice() == 0);
    }
}

TEST_CASE("a choice between bits looks at its condition once", "[safeir][load]") {
    Racing racing;
    auto* const chosen = racing.b.CreateSelect(racing.bit(), racing.bit(), racing.bit());
    racing.b.CreateStore(racing.b.CreateZExt(chosen, racing.b.getInt8Ty()), racing.memory());
    racing.b.CreateRetVoid();
    racing.ease();
    CHECK(racing.count<llvm::SelectInst>() == 0);
    CHECK(racing.used_twice() == 0);
}

TEST_CASE("a switch that becomes a tree compares one number throughout", "[safeir][load]") {
    for (const unsigned bits : {1U, 8U, 32U, 64U}) {
        Racing racing;
        auto& context = racing.function().getContext();
        auto* const end = llvm::BasicBlock::Create(context, "", &racing.function());
        auto* const choice = racing.b.CreateSwitch(bits == 1 ? racing.bit() : racing.loaded(bits), end);
        for (unsigned i = 0; i < (bits == 1 ? 2U : 5U); ++i) {
            auto* const block = llvm::BasicBlock::Create(context, "", &racing.function());
            choice->addCase(llvm::cast<llvm::ConstantInt>(racing.b.getIntN(bits, i)), block);
            llvm::IRBuilder<>(block).CreateBr(end);
        }
        racing.b.SetInsertPoint(end);
        racing.b.CreateRetVoid();
        racing.ease();
        CHECK(racing.count<llvm::SwitchInst>() == 0);
        CHECK(racing.used_twice() == 0);
    }
}
