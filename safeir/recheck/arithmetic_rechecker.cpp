// FunctionRechecker's part for arithmetic: every operation is defined for every input.
#include "safeir/read/lanes.h"
#include "safeir/recheck/function_rechecker.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {
bool FunctionRechecker::check_shift(llvm::BinaryOperator& shift) {
    const unsigned bits = shift.getType()->getScalarSizeInBits();
    const auto in_range = [bits](const llvm::APInt& lane) { return lane.ult(bits); };
    const llvm::Value* amount = shift.getOperand(1);
    if (every_lane(amount, in_range)) {
        return true;
    }
    const auto* mask = llvm::dyn_cast<llvm::BinaryOperator>(amount);
    const bool masked =
        mask != nullptr && mask->getOpcode() == llvm::Instruction::And && every_lane(mask->getOperand(1), in_range);
    return masked || refuse(Rule::Shift, &shift);
}

// Out of range is poison: only `freeze` may use it, and only at widths of which code generation assumes nothing.
bool FunctionRechecker::check_float_to_int(llvm::CastInst& cast) {
    const unsigned bits = cast.getType()->getScalarSizeInBits();
    const bool frozen =
        llvm::all_of(cast.users(), [](const llvm::User* user) { return llvm::isa<llvm::FreezeInst>(user); });
    return (frozen && (bits == 32 || bits == 64)) || refuse(Rule::FloatToInt, &cast);
}

bool FunctionRechecker::check_lane(llvm::Instruction& instruction, llvm::Value* vector, llvm::Value* index) {
    const unsigned lanes = llvm::cast<llvm::FixedVectorType>(vector->getType())->getNumElements();
    const auto in_range = [lanes](const llvm::APInt& lane) { return lane.ult(lanes); };
    const auto* mask = llvm::dyn_cast<llvm::BinaryOperator>(index);
    const bool masked =
        mask != nullptr && mask->getOpcode() == llvm::Instruction::And && every_lane(mask->getOperand(1), in_range);
    return masked || every_lane(index, in_range) || refuse(Rule::Lane, &instruction);
}

// Field k is inserted into what has fields 0 to k-1; only the last, with all fields, is used by anything else.
bool FunctionRechecker::check_insert_value(llvm::InsertValueInst& insert) {
    const auto* record = llvm::cast<llvm::StructType>(insert.getType());
    const unsigned field = insert.getIndices().front();
    const llvm::Value* before = insert.getAggregateOperand();
    if (field == 0) {
        if (!llvm::isa<llvm::PoisonValue>(before)) {
            return refuse(Rule::Aggregate, &insert);
        }
    } else {
        const auto* previous = llvm::dyn_cast<llvm::InsertValueInst>(before);
        if (previous == nullptr || previous->getIndices().front() != field - 1) {
            return refuse(Rule::Aggregate, &insert);
        }
    }
    if (field + 1 == record->getNumElements()) {
        return true;
    }
    const bool goes_on = llvm::all_of(insert.users(), [&](const llvm::User* user) {
        const auto* next = llvm::dyn_cast<llvm::InsertValueInst>(user);
        return next != nullptr && next->getAggregateOperand() == &insert;
    });
    return goes_on || refuse(Rule::Aggregate, &insert);
}

bool FunctionRechecker::check_unreachable(llvm::Instruction& end) {
    const auto* before = llvm::dyn_cast_or_null<llvm::IntrinsicInst>(end.getPrevNode());
    const bool traps = before != nullptr && (before->getIntrinsicID() == llvm::Intrinsic::trap ||
                                             before->getIntrinsicID() == llvm::Intrinsic::ubsantrap);
    return traps || refuse(Rule::Unreachable, &end);
}

}  // namespace tessera::safeir
