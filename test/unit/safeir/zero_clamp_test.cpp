// max(x, 0) is a choice that LLVM may make by a move or by a jump.
#include "safeir/load/zero_clamp.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("max(x, 0) of a word becomes a choice, every other maximum stays", "[safeir][load]") {
    llvm::LLVMContext context;
    llvm::Module module("clamp", context);
    llvm::IRBuilder<> b(context);
    auto* const vector = llvm::FixedVectorType::get(b.getInt32Ty(), 4);
    auto* const function =
        llvm::Function::Create(llvm::FunctionType::get(b.getInt32Ty(), {b.getInt32Ty(), vector}, false),
                               llvm::Function::ExternalLinkage,
                               "f",
                               module);
    b.SetInsertPoint(llvm::BasicBlock::Create(context, "", function));
    const auto maximum = [&](llvm::Value* x, std::uint64_t least) {
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, x, llvm::ConstantInt::get(x->getType(), least));
    };
    auto* const clamped = maximum(function->getArg(0), 0);
    auto* const lanes = maximum(function->getArg(1), 0);
    auto* const other = maximum(b.CreateAdd(clamped, b.CreateExtractElement(lanes, std::uint64_t{0})), 5);
    auto* const result = b.CreateRet(other);

    safeir::expand_zero_clamps(module);
    unsigned maxima = 0;
    llvm::SelectInst* choice = nullptr;
    for (auto& instruction : llvm::instructions(*function)) {
        maxima += llvm::isa<llvm::IntrinsicInst>(instruction) ? 1 : 0;
        choice = llvm::isa<llvm::SelectInst>(instruction) ? llvm::cast<llvm::SelectInst>(&instruction) : choice;
    }
    CHECK(maxima == 2);
    CHECK(result->getOperand(0) == other);
    REQUIRE(choice != nullptr);
    const auto* const condition = llvm::cast<llvm::ICmpInst>(choice->getCondition());
    CHECK(condition->getPredicate() == llvm::CmpInst::ICMP_SLT);
    const auto* const frozen = llvm::dyn_cast<llvm::FreezeInst>(condition->getOperand(0));
    REQUIRE(frozen != nullptr);
    CHECK(frozen->getOperand(0) == function->getArg(0));
    CHECK(llvm::cast<llvm::ConstantInt>(condition->getOperand(1))->isOne());
    CHECK(llvm::cast<llvm::Constant>(choice->getTrueValue())->isNullValue());
    CHECK(choice->getFalseValue() == frozen);
    CHECK(function->getArg(0)->hasOneUse());
}
