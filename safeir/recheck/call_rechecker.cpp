// FunctionRechecker's part for calls.
#include "safeir/prove/provenance.h"
#include "safeir/read/intrinsics.h"
#include "safeir/recheck/function_rechecker.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

#include <fmt/format.h>

namespace tessera::safeir {

bool FunctionRechecker::check_call(llvm::CallInst& call) {
    if (call.isInlineAsm() || call.hasOperandBundles() || call.isMustTailCall() || call.isNoTailCall() ||
        call.isTailCall()) {
        return refuse(call.isInlineAsm() ? Rule::Instruction : Rule::CallType, &call);
    }
    if (llvm::isa<llvm::IntrinsicInst>(call)) {
        return check_intrinsic(call);
    }
    if (!call.getAttributes().isEmpty() || call.getCallingConv() != llvm::CallingConv::C ||
        call.getFunctionType()->isVarArg()) {
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
    } else if (callee->getFunctionType() != call.getFunctionType() ||
               callee->getCallingConv() != llvm::CallingConv::C) {
        return refuse(Rule::CallType, &call);
    }
    return check_arguments(call, callee);
}

bool FunctionRechecker::check_arguments(llvm::CallInst& call, const llvm::Function* callee) {
    if (call.arg_empty() || call.getArgOperand(0) != function_.getArg(0)) {
        return refuse(Rule::BaseUse, &call, "the first argument is the caller's own arena");
    }
    for (unsigned i = 1; i < call.arg_size(); ++i) {
        llvm::Value* argument = call.getArgOperand(i);
        if (!argument->getType()->isPointerTy()) {
            continue;
        }
        if (callee != nullptr && callee->isDeclaration() && callee->getName() == "tessera.try" && i == 1) {
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

bool FunctionRechecker::check_slice_argument(llvm::CallInst& call, const llvm::Function& callee, unsigned parameter) {
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

bool FunctionRechecker::check_intrinsic(llvm::CallInst& call) {
    const llvm::Intrinsic::ID id = call.getIntrinsicID();
    for (unsigned i = 0; i < call.arg_size(); ++i) {
        if (call.getArgOperand(i)->getType()->isPointerTy() && id != llvm::Intrinsic::memset) {
            return refuse(Rule::Intrinsic, &call);
        }
    }
    if (!known_.is_intrinsic(*call.getCalledFunction())) {
        return refuse(Rule::Intrinsic, &call);
    }
    if (id == llvm::Intrinsic::memset) {
        // Only as the zeroing of a frame, right behind it: check_alloca has examined it.
        const auto* object = llvm::dyn_cast_or_null<llvm::AllocaInst>(call.getPrevNode());
        const bool zeroes =
            object != nullptr && call.getArgOperand(0) == object && only_true_alignment(call, object->getAlign());
        return zeroes || refuse(Rule::Intrinsic, &call);
    }
    // Attributes on the call itself could claim what isn't so (range, nofpclass), or name a function to trap with.
    if (!call.getAttributes().isEmpty()) {
        return refuse(Rule::Intrinsic, &call, "attributes");
    }
    if (id == llvm::Intrinsic::trap || id == llvm::Intrinsic::ubsantrap) {
        const bool constant =
            llvm::all_of(call.args(), [](const llvm::Use& use) { return llvm::isa<llvm::ConstantInt>(use); });
        return (constant && llvm::isa_and_present<llvm::UnreachableInst>(call.getNextNode())) ||
               refuse(Rule::Intrinsic, &call, "a trap has a constant reason and ends its block");
    }
    if (const ListedIntrinsic* listed = find_intrinsic_by_id(id);
        listed != nullptr && listed->kind == IntrinsicKind::IntFlag) {
        const auto* flag = llvm::dyn_cast<llvm::ConstantInt>(call.getArgOperand(call.arg_size() - 1));
        if (flag == nullptr || !flag->isZero()) {
            return refuse(Rule::Intrinsic, &call, "the poison bit is set");
        }
    }
    return true;
}

// A declaration's name alone says which intrinsic it is: its type is the declarer's claim.
bool KnownTypes::is_intrinsic(const llvm::Function& function) {
    const auto [entry, is_new] = intrinsics_.try_emplace(&function, false);
    if (!is_new) {
        return entry->second;
    }
    const llvm::Intrinsic::ID id = function.getIntrinsicID();
    llvm::FunctionType* type = function.getFunctionType();
    llvm::SmallVector<llvm::Type*, 2> overloads;
    if (id == llvm::Intrinsic::memset) {
        overloads = {llvm::PointerType::get(function.getContext(), 0), llvm::Type::getInt64Ty(function.getContext())};
    } else if (id == llvm::Intrinsic::fptosi_sat || id == llvm::Intrinsic::fptoui_sat) {
        if (type->getNumParams() != 1 || !is_number(type->getReturnType()) || !is_number(type->getParamType(0)) ||
            !llvm::CastInst::castIsValid(llvm::Instruction::FPToSI, type->getParamType(0), type->getReturnType())) {
            return false;
        }
        overloads = {type->getReturnType(), type->getParamType(0)};
    } else if (id != llvm::Intrinsic::trap && id != llvm::Intrinsic::ubsantrap) {
        const ListedIntrinsic* listed = find_intrinsic_by_id(id);
        const unsigned main = listed != nullptr && listed->kind == IntrinsicKind::ReduceStart ? 1 : 0;
        if (listed == nullptr || type->getNumParams() <= main || !is_number(type->getParamType(main))) {
            return false;
        }
        const auto types = intrinsic_types(*listed, type->getParamType(main), type->getReturnType());
        if (!types) {
            return false;
        }
        overloads = types->overloads;
    }
    entry->second = type == llvm::Intrinsic::getType(function.getContext(), id, overloads);
    return entry->second;
}

}  // namespace tessera::safeir
