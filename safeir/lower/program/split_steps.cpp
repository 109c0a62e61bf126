#include "safeir/lower/program/split_steps.h"

#include "llvm/ADT/APInt.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {
namespace {

// Null: the index is no choice between two numbers above zero.
llvm::SelectInst* choice_of(const llvm::GetElementPtrInst& address) {
    if (address.getNumIndices() != 1 || address.getType()->isVectorTy()) {
        return nullptr;
    }
    auto* choice = llvm::dyn_cast<llvm::SelectInst>(address.getOperand(1));
    const auto is_above_zero = [](const llvm::Value* value) {
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value);
        return number != nullptr && number->getValue().isStrictlyPositive();
    };
    return choice != nullptr && is_above_zero(choice->getTrueValue()) && is_above_zero(choice->getFalseValue())
               ? choice
               : nullptr;
}

void split(llvm::GetElementPtrInst& address, llvm::SelectInst& choice) {
    const llvm::APInt& first = llvm::cast<llvm::ConstantInt>(choice.getTrueValue())->getValue();
    const llvm::APInt& second = llvm::cast<llvm::ConstantInt>(choice.getFalseValue())->getValue();
    const llvm::APInt least = llvm::APIntOps::smin(first, second);
    llvm::IRBuilder<> builder(&address);
    llvm::Type* type = choice.getType();
    llvm::Value* rest = builder.CreateSelect(choice.getCondition(),
                                             llvm::ConstantInt::get(type, first - least),
                                             llvm::ConstantInt::get(type, second - least));
    // Between the old address and the new one, so inside where both are.
    const llvm::GEPNoWrapFlags flags = address.getNoWrapFlags();
    llvm::Value* near = builder.CreateGEP(address.getSourceElementType(), address.getPointerOperand(), rest, "", flags);
    llvm::Value* whole =
        builder.CreateGEP(address.getSourceElementType(), near, llvm::ConstantInt::get(type, least), "", flags);
    address.replaceAllUsesWith(whole);
    address.eraseFromParent();
}

}  // namespace

void split_steps(llvm::Module& program) {
    for (llvm::Function& function : program) {
        for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            auto* address = llvm::dyn_cast<llvm::GetElementPtrInst>(&instruction);
            llvm::SelectInst* choice = address != nullptr ? choice_of(*address) : nullptr;
            if (choice != nullptr) {
                split(*address, *choice);
            }
        }
    }
}

}  // namespace tessera::lower
