// The lanes of a constant: of a vector all, of a number the one.
#pragma once

#include "llvm/IR/Constants.h"

namespace tessera::safeir {

// Whether it is a constant of integers that all satisfy `test`. Takes a few nanoseconds a lane: operands are looked at
// wherever they are used.
template <typename Test>
bool every_lane(const llvm::Value* value, Test test) {
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
        return test(number->getValue());
    }
    if (llvm::isa<llvm::ConstantAggregateZero>(value)) {
        return test(llvm::APInt::getZero(value->getType()->getScalarSizeInBits()));
    }
    if (const auto* data = llvm::dyn_cast<llvm::ConstantDataVector>(value)) {
        const bool integers = data->getElementType()->isIntegerTy();
        for (unsigned i = 0; integers && i < data->getNumElements(); ++i) {
            if (!test(data->getElementAsAPInt(i))) {
                return false;
            }
        }
        return integers;
    }
    const auto* bits = llvm::dyn_cast<llvm::ConstantVector>(value);
    return bits != nullptr && llvm::all_of(bits->operands(), [&](const llvm::Use& lane) {
               const auto* number = llvm::dyn_cast<llvm::ConstantInt>(lane);
               return number != nullptr && test(number->getValue());
           });
}

}  // namespace tessera::safeir
