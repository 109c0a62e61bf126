// FunctionReader's part for data flow: every operation comes out defined for every input.
#include "safeir/read/function_reader.h"
#include "safeir/read/lanes.h"

#include "llvm/IR/Constants.h"

#include <bit>
#include <fmt/format.h>

namespace tessera::safeir {

bool FunctionReader::make_shift(llvm::Instruction::BinaryOps op, const Parts& parts) {
    llvm::Value* amount = parts.values[1];
    const unsigned bits = amount->getType()->getScalarSizeInBits();
    if (!every_lane(amount, [bits](const llvm::APInt& lane) { return lane.ult(bits); })) {
        amount = builder_.CreateAnd(amount, llvm::ConstantInt::get(amount->getType(), bits - 1));
    }
    return push(builder_.CreateBinOp(op, parts.values[0], amount));
}

bool FunctionReader::make_division(llvm::Instruction::BinaryOps op, const Parts& parts) {
    const bool is_signed = op == llvm::Instruction::SDiv || op == llvm::Instruction::SRem;
    llvm::Value* dividend = parts.values[0];
    llvm::Value* divisor = parts.values[1];
    llvm::Type* type = dividend->getType();
    if (type->getScalarSizeInBits() == 1) {
        return refuse_operand();
    }
    if (every_lane(divisor, [is_signed](const llvm::APInt& lane) {
            return !lane.isZero() && !(is_signed && lane.isAllOnes());
        })) {
        return push(builder_.CreateBinOp(op, dividend, divisor));
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
    return push(builder_.CreateBinOp(op, dividend, divisor));
}

bool FunctionReader::make_cast(std::uint8_t op, llvm::Instruction::CastOps cast, const Parts& parts) {
    llvm::Type* type = parts.type->type;
    llvm::Value* value = parts.values[0];
    if (!llvm::CastInst::castIsValid(cast, value->getType(), type)) {
        return refuse_operand();
    }
    if (cast != llvm::Instruction::FPToUI && cast != llvm::Instruction::FPToSI) {
        return push(builder_.CreateCast(cast, value, type));
    }
    const bool is_signed = cast == llvm::Instruction::FPToSI;
    const unsigned bits = type->getScalarSizeInBits();
    // Out of range is poison: freeze pins it. Narrow results saturate instead, since code generation assumes a narrow
    // conversion to be in range.
    if (op == wire::kFPToUISat || op == wire::kFPToSISat || (bits != 32 && bits != 64)) {
        return push(intrinsic(
            is_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat, {type, value->getType()}, {value}));
    }
    return push(builder_.CreateFreeze(builder_.CreateCast(cast, value, type)));
}

bool FunctionReader::make_data(std::uint8_t op, const Parts& parts) {
    const auto& values = parts.values;
    switch (op) {
    case wire::kFNeg:
        return push(builder_.CreateFNeg(values[0]));
    case wire::kFreeze:
        return push(builder_.CreateFreeze(values[0]));
    case wire::kICmp:
    case wire::kFCmp: {
        const unsigned first = op == wire::kICmp ? llvm::CmpInst::FIRST_ICMP_PREDICATE : 0;
        const auto predicate = static_cast<llvm::CmpInst::Predicate>(first + parts.numbers[0]);
        return push(builder_.CreateCmp(predicate, values[0], values[1]));
    }
    case wire::kSelect:
        return llvm::SelectInst::areInvalidOperands(values[0], values[1], values[2]) == nullptr
                   ? push(builder_.CreateSelect(values[0], values[1], values[2]))
                   : refuse_operand();
    case wire::kPhi:
        return make_phi(*parts.type);
    case wire::kShuffle:
        return make_shuffle(parts);
    case wire::kExtractValue:
        return parts.numbers[0] < values[0]->getType()->getStructNumElements()
                   ? push(builder_.CreateExtractValue(values[0], parts.numbers[0]))
                   : refuse_operand();
    case wire::kMakeStruct:
        return make_struct(*parts.type);
    default:
        return make_lanes(parts);
    }
}

// Of a vector, an element to insert or none, and an index.
bool FunctionReader::make_lanes(const Parts& parts) {
    llvm::Value* index = parts.values.back();
    const unsigned lanes = llvm::cast<llvm::FixedVectorType>(parts.values[0]->getType())->getNumElements();
    const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(index);
    if (constant == nullptr || constant->getValue().uge(lanes)) {
        // Lanes are a power of two; an index type too narrow to hold lanes - 1 needs no mask, but gets a wider type.
        index = index->getType()->getIntegerBitWidth() < 8 ? builder_.CreateZExt(index, builder_.getInt8Ty()) : index;
        index = builder_.CreateAnd(index, llvm::ConstantInt::get(index->getType(), lanes - 1));
    }
    return push(parts.values.size() == 3 ? builder_.CreateInsertElement(parts.values[0], parts.values[1], index)
                                         : builder_.CreateExtractElement(parts.values[0], index));
}

bool FunctionReader::make_shuffle(const Parts& parts) {
    std::uint32_t lanes = 0;
    if (!read_count(wire::List::ShuffleLanes, lanes, Rule::OperandType)) {
        return false;
    }
    auto* type = llvm::cast<llvm::FixedVectorType>(parts.values[0]->getType());
    if (lanes < 2 || !std::has_single_bit(lanes) || lanes * type->getScalarSizeInBits() > wire::kVectorBitsMax) {
        return refuse_operand();
    }
    llvm::SmallVector<int, wire::kLanesMax> mask;
    for (std::uint32_t i = 0; i < lanes; ++i) {
        const std::uint32_t lane = in_.varint32();
        if (lane >= 2 * type->getNumElements()) {
            return refuse(Rule::Lane, fmt::format("a shuffle takes lane {} of {}", lane, 2 * type->getNumElements()));
        }
        mask.push_back(static_cast<int>(lane));
    }
    return push(builder_.CreateShuffleVector(parts.values[0], parts.values[1], mask));
}

bool FunctionReader::make_struct(const WireType& type) {
    llvm::Value* aggregate = llvm::PoisonValue::get(type.type);
    for (unsigned i = 0; i < type.type->getStructNumElements(); ++i) {
        llvm::Value* field = operand();
        if (field == nullptr || field->getType() != type.type->getStructElementType(i)) {
            return refuse_operand();
        }
        aggregate = builder_.CreateInsertValue(aggregate, field, i);
    }
    return push(aggregate);
}

}  // namespace tessera::safeir
