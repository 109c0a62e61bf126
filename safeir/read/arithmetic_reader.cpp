// FunctionReader's part for arithmetic: every operation comes out defined for every input.
#include "safeir/read/function_reader.h"
#include "safeir/read/lanes.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {
namespace {

constexpr llvm::Instruction::BinaryOps kBinaryOps[] = {
    llvm::Instruction::Add,
    llvm::Instruction::Sub,
    llvm::Instruction::Mul,
    llvm::Instruction::And,
    llvm::Instruction::Or,
    llvm::Instruction::Xor,
    llvm::Instruction::Shl,
    llvm::Instruction::LShr,
    llvm::Instruction::AShr,
    llvm::Instruction::UDiv,
    llvm::Instruction::SDiv,
    llvm::Instruction::URem,
    llvm::Instruction::SRem,
    llvm::Instruction::FAdd,
    llvm::Instruction::FSub,
    llvm::Instruction::FMul,
    llvm::Instruction::FDiv,
};

}  // namespace

bool FunctionReader::read_binary(std::uint8_t op) {
    if (op < wire::kAdd) {
        return refuse(Rule::Instruction, "unknown operation 0");
    }
    const llvm::Instruction::BinaryOps binary = kBinaryOps[op - wire::kAdd];
    llvm::Value* left = number();
    llvm::Value* right = left != nullptr ? operand_of(left->getType()) : nullptr;
    if (right == nullptr || left->getType()->isFPOrFPVectorTy() != (op >= wire::kFAdd)) {
        return refuse_operand();
    }
    if (op >= wire::kShl && op <= wire::kAShr) {
        return read_shift(op, left, right);
    }
    if (op >= wire::kUDiv && op <= wire::kSRem) {
        return read_division(op, left, right);
    }
    return push(builder_.CreateBinOp(binary, left, right));
}

bool FunctionReader::read_shift(std::uint8_t op, llvm::Value* value, llvm::Value* amount) {
    const unsigned bits = value->getType()->getScalarSizeInBits();
    if (!every_lane(amount, [bits](const llvm::APInt& lane) { return lane.ult(bits); })) {
        amount = builder_.CreateAnd(amount, llvm::ConstantInt::get(amount->getType(), bits - 1));
    }
    return push(builder_.CreateBinOp(kBinaryOps[op - wire::kAdd], value, amount));
}

bool FunctionReader::read_division(std::uint8_t op, llvm::Value* dividend, llvm::Value* divisor) {
    const bool is_signed = op == wire::kSDiv || op == wire::kSRem;
    llvm::Type* type = dividend->getType();
    if (type->getScalarSizeInBits() == 1) {
        return refuse_operand();
    }
    const llvm::Instruction::BinaryOps binary = kBinaryOps[op - wire::kAdd];
    if (every_lane(divisor, [is_signed](const llvm::APInt& lane) {
            return !lane.isZero() && !(is_signed && lane.isAllOnes());
        })) {
        return push(builder_.CreateBinOp(binary, dividend, divisor));
    }
    llvm::Value* is_zero = builder_.CreateICmpEQ(divisor, llvm::Constant::getNullValue(type));
    if (type->isVectorTy()) {
        is_zero = intrinsic(llvm::Intrinsic::vector_reduce_or, {is_zero->getType()}, {is_zero});
    }
    trap_if(is_zero, TrapReason::DivideByZero);
    if (is_signed) {
        // MIN / -1 overflows: dividing by 1 instead gives the wrapped result, and a remainder of 0.
        llvm::Value* is_minus_one = builder_.CreateICmpEQ(divisor, llvm::Constant::getAllOnesValue(type));
        llvm::Value* is_min = builder_.CreateICmpEQ(
            dividend, llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getScalarSizeInBits())));
        divisor =
            builder_.CreateSelect(builder_.CreateAnd(is_minus_one, is_min), llvm::ConstantInt::get(type, 1), divisor);
    }
    return push(builder_.CreateBinOp(binary, dividend, divisor));
}

}  // namespace tessera::safeir
