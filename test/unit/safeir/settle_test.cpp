// What LLVM leaves undefined has a value before code is generated.
#include "safeir/load/settle.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a frozen poison is zero, and so is one that a phi or a store takes", "[safeir][load]") {
    llvm::LLVMContext context;
    llvm::Module module("settle", context);
    llvm::IRBuilder<> b(context);
    auto* const vector = llvm::FixedVectorType::get(b.getInt32Ty(), 4);
    auto* const function = llvm::Function::Create(
        llvm::FunctionType::get(b.getInt32Ty(), {b.getPtrTy()}, false), llvm::Function::ExternalLinkage, "f", module);
    auto* const entry = llvm::BasicBlock::Create(context, "", function);
    auto* const next = llvm::BasicBlock::Create(context, "", function);
    b.SetInsertPoint(entry);
    auto* const frozen = b.CreateFreeze(llvm::PoisonValue::get(b.getInt32Ty()));
    auto* const frozen_vector = b.CreateFreeze(llvm::UndefValue::get(vector));
    auto* const filled = b.CreateInsertElement(llvm::PoisonValue::get(vector), frozen, b.getInt32(0));
    b.CreateStore(llvm::PoisonValue::get(vector), function->getArg(0));
    b.CreateBr(next);
    b.SetInsertPoint(next);
    auto* const phi = b.CreatePHI(b.getInt32Ty(), 1);
    phi->addIncoming(llvm::UndefValue::get(b.getInt32Ty()), entry);
    b.CreateRet(phi);

    safeir::settle_undefined(module);
    for (const auto& instruction : llvm::instructions(*function)) {
        for (const auto& operand : instruction.operands()) {
            const bool is_start = &instruction == filled && operand.getOperandNo() == 0;
            CHECK(llvm::isa<llvm::UndefValue>(operand.get()) == is_start);
        }
    }
    CHECK(llvm::cast<llvm::Constant>(llvm::cast<llvm::FreezeInst>(frozen)->getOperand(0))->isNullValue());
    CHECK(llvm::cast<llvm::Constant>(llvm::cast<llvm::FreezeInst>(frozen_vector)->getOperand(0))->isNullValue());
}
