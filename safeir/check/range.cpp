#include "safeir/check/range.h"

#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

#include <algorithm>

namespace tessera::safeir {

bool gives_slice(const llvm::Value* value) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(value);
    return call != nullptr && call->getCalledFunction() != nullptr &&
           call->getCalledFunction()->hasFnAttribute(marks::kSliceResult);
}

bool is_slice_length(const llvm::Value* key) {
    const auto* argument = llvm::dyn_cast<llvm::Argument>(key);
    if (argument == nullptr || argument->getArgNo() == 0) {
        return gives_slice(key);
    }
    const auto before = argument->getParent()->getAttributes().getParamAttrs(argument->getArgNo() - 1);
    return before.hasAttribute(marks::kReadOnlySlice) || before.hasAttribute(marks::kWritableSlice);
}

llvm::Value* slice_length_key(llvm::Value* length) {
    auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(length);
    return extract != nullptr && gives_slice(extract->getAggregateOperand()) && extract->getIndices().front() == 1
               ? extract->getAggregateOperand()
               : length;
}

std::uint64_t unsigned_max(const llvm::Value* value) {
    // Follows single operands only, so it is a loop; `cap` is what the steps so far leave possible.
    std::uint64_t cap = ~std::uint64_t{0};
    for (unsigned step = 0; step < kStepsMax; ++step) {
        if (is_slice_length(slice_length_key(const_cast<llvm::Value*>(value)))) {
            return std::min(cap, wire::kSliceBytesMax);
        }
        if (!is_number(value)) {
            return cap;
        }
        cap = std::min(cap, width_max(value));
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
            return std::min(cap, number->getZExtValue());
        }
        if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(value);
            llvm::isa<llvm::ZExtInst>(value) ||
            (call != nullptr && (call->getIntrinsicID() == llvm::Intrinsic::umin ||
                                 call->getIntrinsicID() == llvm::Intrinsic::usub_sat))) {
            value = llvm::cast<llvm::User>(value)->getOperand(0);
            continue;
        }
        const Operation op = operation(const_cast<llvm::Value*>(value));
        if (op.number == nullptr) {
            return cap;
        }
        const std::uint64_t number = op.number->getZExtValue();
        switch (op.binary->getOpcode()) {
        case llvm::Instruction::And:
            cap = std::min(cap, number);
            break;
        case llvm::Instruction::URem:
            cap = std::min(cap, number == 0 ? cap : number - 1);
            break;
        case llvm::Instruction::LShr:
        case llvm::Instruction::UDiv:
            cap = std::min(cap, op.factor() == 0 ? cap : static_cast<std::uint64_t>(width_max(value) / op.factor()));
            break;
        default:
            return cap;
        }
        value = op.left;  // none of them gives more than it takes
    }
    return cap;
}

Operation operation(llvm::Value* value) {
    auto* binary = llvm::dyn_cast_or_null<llvm::BinaryOperator>(value);
    if (binary == nullptr || !is_number(binary)) {
        return {};
    }
    return {
        binary, binary->getOperand(0), binary->getOperand(1), llvm::dyn_cast<llvm::ConstantInt>(binary->getOperand(1))};
}

}  // namespace tessera::safeir
