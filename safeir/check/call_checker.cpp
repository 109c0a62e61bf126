// FunctionChecker's part for calls: what is passed as a slice.
#include "safeir/check/function_checker.h"
#include "safeir/check/provenance.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {

bool FunctionChecker::check_call(llvm::CallInst& call) {
    const llvm::Function* callee = call.getCalledFunction();
    for (unsigned i = 1; callee != nullptr && i < call.arg_size(); ++i) {
        if (!slice_parameter(*callee, i)) {
            continue;
        }
        if (!check_slice_argument(call, *callee, i)) {
            return false;
        }
        ++i;  // the length
    }
    return true;
}

bool FunctionChecker::check_slice_argument(llvm::CallInst& call, const llvm::Function& callee, unsigned parameter) {
    const auto from = provenance_of(call.getArgOperand(parameter), function_);
    if (!from || (from->kind != PointerKind::SliceRo && from->kind != PointerKind::SliceRw)) {
        return refuse(Rule::SliceArgument, &call);
    }
    if (from->kind == PointerKind::SliceRo && *slice_parameter(callee, parameter) == PointerKind::SliceRw) {
        return refuse(Rule::SliceReadOnly, &call);
    }
    llvm::Value* length = slice_length_key(from->length);
    llvm::Value* given = call.getArgOperand(parameter + 1);
    const bool whole = from->variable == nullptr && from->constant == 0;
    if (whole && slice_length_key(given) == length) {
        return true;
    }
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(given);
        number != nullptr && number->getValue().getActiveBits() < 63) {
        obligations_.push_back(
            {Rule::SliceArgument, &call, from->variable, from->constant + number->getZExtValue(), length, 0});
        return true;
    }
    if (whole) {
        obligations_.push_back({Rule::SliceArgument, &call, given, 0, length, 0});
        return true;
    }
    // The rest of a slice: from x, length - x, where x <= length.
    const auto* rest = llvm::dyn_cast<llvm::BinaryOperator>(given);
    if (rest == nullptr || rest->getOpcode() != llvm::Instruction::Sub ||
        slice_length_key(rest->getOperand(0)) != length) {
        return refuse(Rule::SliceArgument, &call);
    }
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(rest->getOperand(1));
    const bool same_number = from->variable == nullptr && number != nullptr && number->getValue() == from->constant;
    if (!same_number && (from->constant != 0 || rest->getOperand(1) != from->variable)) {
        return refuse(Rule::SliceArgument, &call);
    }
    obligations_.push_back({Rule::SliceArgument, &call, from->variable, from->constant, length, 0});
    return true;
}

}  // namespace tessera::safeir
