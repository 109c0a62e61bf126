// FunctionChecker's part for divisions: guards against zero and overflow.
#include "safeir/check/function_checker.h"
#include "safeir/read/lanes.h"

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

bool FunctionChecker::check_division(llvm::BinaryOperator& division) {
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
