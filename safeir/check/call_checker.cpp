// FunctionChecker's part for calls.
#include <fmt/format.h>

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

#include "safeir/check/function_checker.h"
#include "safeir/check/provenance.h"
#include "safeir/read/intrinsics.h"

namespace tessera::safeir {

bool FunctionChecker::check_call(llvm::CallInst& call) {
    if (call.isInlineAsm() || call.hasOperandBundles() || call.isMustTailCall() || call.isNoTailCall() || call.isTailCall()) {
        return refuse(call.isInlineAsm() ? Rule::Instruction : Rule::CallType, &call);
    }
    if (llvm::isa<llvm::IntrinsicInst>(call)) {
        return check_intrinsic(call);
    }
    if (!call.getAttributes().isEmpty() || call.getCallingConv() != llvm::CallingConv::C || call.getFunctionType()->isVarArg()) {
        return refuse(Rule::CallType, &call);
    }
    const auto* callee = llvm::dyn_cast<llvm::Function>(call.getCalledOperand());
    if (callee == nullptr) {
        llvm::FunctionType* type = table_function_type(call.getCalledOperand());
        if (type == nullptr) {
            return refuse(Rule::IndirectCall, &call);
        }
        if (type != call.getFunctionType()) {
            return refuse(Rule::CallType, &call);
        }
    } else if (callee->getFunctionType() != call.getFunctionType() || callee->getCallingConv() != llvm::CallingConv::C) {
        return refuse(Rule::CallType, &call);
    }
    return check_arguments(call, callee);
}

bool FunctionChecker::check_arguments(llvm::CallInst& call, const llvm::Function* callee) {
    if (call.arg_empty() || call.getArgOperand(0) != function_.getArg(0)) {
        return refuse(Rule::BaseUse, &call, "the first argument is the caller's own arena");
    }
    for (unsigned i = 1; i < call.arg_size(); ++i) {
        llvm::Value* argument = call.getArgOperand(i);
        if (!argument->getType()->isPointerTy()) {
            continue;
        }
        if (callee != nullptr && callee->getName() == "tessera.try" && i == 1) {
            llvm::FunctionType* type = table_function_type(argument);
            auto* int32 = llvm::Type::getInt32Ty(call.getContext());
            const bool fits = type != nullptr && type->getReturnType()->isVoidTy() && type->getNumParams() == 3 &&
                              type->getParamType(1) == int32 && type->getParamType(2) == int32;
            if (!fits) {
                return refuse(Rule::IndirectCall, &call);
            }
            continue;
        }
        if (callee == nullptr || !slice_parameter(*callee, i)) {
            return refuse(argument == function_.getArg(0) ? Rule::BaseUse : Rule::Provenance, &call);
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
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(given); number != nullptr && number->getValue().getActiveBits() < 63) {
        obligations_.push_back({Rule::SliceArgument, &call, from->variable, from->constant + number->getZExtValue(), length, 0});
        return true;
    }
    if (whole) {
        obligations_.push_back({Rule::SliceArgument, &call, given, 0, length, 0});
        return true;
    }
    // The rest of a slice: from x, length - x, where x <= length.
    const auto* rest = llvm::dyn_cast<llvm::BinaryOperator>(given);
    if (rest == nullptr || rest->getOpcode() != llvm::Instruction::Sub || slice_length_key(rest->getOperand(0)) != length) {
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

// The only attribute of a call may be its first argument's alignment, and that must be so.
static bool only_true_alignment(const llvm::CallInst& call, llvm::Align alignment) {
    for (const unsigned index : call.getAttributes().indexes()) {
        for (const llvm::Attribute& attribute : call.getAttributes().getAttributes(index)) {
            if (index != llvm::AttributeList::FirstArgIndex || !attribute.hasAttribute(llvm::Attribute::Alignment) ||
                *attribute.getAlignment() > alignment) {
                return false;
            }
        }
    }
    return true;
}

bool FunctionChecker::check_intrinsic(llvm::CallInst& call) {
    const llvm::Intrinsic::ID id = call.getIntrinsicID();
    for (unsigned i = 0; i < call.arg_size(); ++i) {
        if (call.getArgOperand(i)->getType()->isPointerTy() && id != llvm::Intrinsic::memset) {
            return refuse(Rule::Intrinsic, &call);
        }
    }
    switch (id) {
    case llvm::Intrinsic::memset:
        // Only as the zeroing of a frame, right behind it: check_alloca has examined it.
        if (const auto* object = llvm::dyn_cast_or_null<llvm::AllocaInst>(call.getPrevNode());
            object != nullptr && call.getArgOperand(0) == object && only_true_alignment(call, object->getAlign())) {
            return true;
        }
        return refuse(Rule::Intrinsic, &call);
    case llvm::Intrinsic::trap:
    case llvm::Intrinsic::ubsantrap:
        return llvm::isa_and_present<llvm::UnreachableInst>(call.getNextNode()) || refuse(Rule::Intrinsic, &call, "a trap ends its block");
    case llvm::Intrinsic::fptosi_sat:
    case llvm::Intrinsic::fptoui_sat:
        return KnownTypes::is_number(call.getType()) || refuse(Rule::Intrinsic, &call);
    default:
        break;
    }
    const ListedIntrinsic* listed = find_intrinsic_by_id(id);
    if (listed == nullptr) {
        return refuse(Rule::Intrinsic, &call);
    }
    const unsigned main = listed->kind == IntrinsicKind::ReduceStart ? 1 : 0;
    const auto types = call.arg_size() > main ? intrinsic_types(*listed, call.getArgOperand(main)->getType(), call.getType()) : std::nullopt;
    if (!types || call.arg_size() != types->operands.size() + (types->flag ? 1U : 0U)) {
        return refuse(Rule::Intrinsic, &call);
    }
    if (types->flag) {
        const auto* flag = llvm::dyn_cast<llvm::ConstantInt>(call.getArgOperand(call.arg_size() - 1));
        if (flag == nullptr || !flag->isZero()) {
            return refuse(Rule::Intrinsic, &call, "the poison bit is set");
        }
    }
    // Attributes on the call itself could claim what isn't so (range, nofpclass).
    return call.getAttributes().isEmpty() || refuse(Rule::Intrinsic, &call, "attributes");
}

}  // namespace tessera::safeir
