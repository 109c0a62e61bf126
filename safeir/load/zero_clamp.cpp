#include "safeir/load/zero_clamp.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {
namespace {

bool is_zero_clamp(const llvm::Instruction& instruction) {
    const auto* const call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
    if (call == nullptr || call->getIntrinsicID() != llvm::Intrinsic::smax) {
        return false;
    }
    const auto* const least = llvm::dyn_cast<llvm::ConstantInt>(call->getArgOperand(1));
    return least != nullptr && least->isZero() &&
           (call->getType()->isIntegerTy(32) || call->getType()->isIntegerTy(64));
}

}  // namespace

void expand_zero_clamps(llvm::Module& module) {
    for (auto& function : module) {
        for (auto& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            if (is_zero_clamp(instruction)) {
                llvm::IRBuilder<> builder(&instruction);
                // Used twice from now on, and a load that races gives each use its own number.
                auto* const value = builder.CreateFreeze(instruction.getOperand(0));
                auto* const zero = llvm::ConstantInt::get(value->getType(), 0);
                auto* const is_less = builder.CreateICmpSLT(value, llvm::ConstantInt::get(value->getType(), 1));
                instruction.replaceAllUsesWith(builder.CreateSelect(is_less, zero, value));
                instruction.eraseFromParent();
            }
        }
    }
}

}  // namespace tessera::safeir
