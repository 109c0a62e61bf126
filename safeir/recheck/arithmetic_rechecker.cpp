// FunctionRechecker's part for arithmetic: every operation is defined for every input.
#include "safeir/read/lanes.h"
#include "safeir/recheck/function_rechecker.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {
namespace {

bool is_equal_to(const llvm::Value* condition, const llvm::Value* value, const llvm::APInt& number) {
    const auto* compare = llvm::dyn_cast<llvm::ICmpInst>(condition);
    return compare != nullptr && compare->getPredicate() == llvm::CmpInst::ICMP_EQ && compare->getOperand(0) == value &&
           every_lane(compare->getOperand(1), [&](const llvm::APInt& lane) { return lane == number; });
}

// The block is entered only where `divisor` is not zero in any lane.
bool is_guarded_against_zero(const llvm::BasicBlock& block, const llvm::Value* divisor) {
    const llvm::BasicBlock* from = block.getSinglePredecessor();
    const auto* branch = from != nullptr ? llvm::dyn_cast<llvm::BranchInst>(from->getTerminator()) : nullptr;
    if (branch == nullptr || branch->isUnconditional() || branch->getSuccessor(1) != &block ||
        branch->getSuccessor(0) == &block) {
        return false;
    }
    const llvm::Value* condition = branch->getCondition();
    if (divisor->getType()->isVectorTy()) {
        const auto* any = llvm::dyn_cast<llvm::IntrinsicInst>(condition);
        if (any == nullptr || any->getIntrinsicID() != llvm::Intrinsic::vector_reduce_or) {
            return false;
        }
        condition = any->getArgOperand(0);
    }
    return is_equal_to(condition, divisor, llvm::APInt::getZero(divisor->getType()->getScalarSizeInBits()));
}

}  // namespace

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

bool FunctionRechecker::check_division(llvm::BinaryOperator& division) {
    const bool is_signed =
        division.getOpcode() == llvm::Instruction::SDiv || division.getOpcode() == llvm::Instruction::SRem;
    const llvm::Value* divisor = division.getOperand(1);
    if (every_lane(divisor, [is_signed](const llvm::APInt& lane) {
            return !lane.isZero() && !(is_signed && lane.isAllOnes());
        })) {
        return true;
    }
    const unsigned bits = division.getType()->getScalarSizeInBits();
    if (is_signed) {
        // The divisor is: select (divisor == -1 and dividend == MIN), 1, divisor.
        const auto* select = llvm::dyn_cast<llvm::SelectInst>(divisor);
        const auto* both = select != nullptr ? llvm::dyn_cast<llvm::BinaryOperator>(select->getCondition()) : nullptr;
        if (both == nullptr || both->getOpcode() != llvm::Instruction::And ||
            !every_lane(select->getTrueValue(), [](const llvm::APInt& lane) { return lane.isOne(); })) {
            return refuse(Rule::Division, &division);
        }
        divisor = select->getFalseValue();
        if (!is_equal_to(both->getOperand(0), divisor, llvm::APInt::getAllOnes(bits)) ||
            !is_equal_to(both->getOperand(1), division.getOperand(0), llvm::APInt::getSignedMinValue(bits))) {
            return refuse(Rule::Division, &division);
        }
    }
    return is_guarded_against_zero(*division.getParent(), divisor) || refuse(Rule::Division, &division);
}

}  // namespace tessera::safeir
