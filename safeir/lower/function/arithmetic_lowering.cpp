// FunctionLowering's part for arithmetic, comparisons and conversions.
#include "safeir/lower/function/function_lowering.h"

#include <bit>
#include <numeric>

namespace tessera::lower {

void FunctionLowering::lower_binary(llvm::BinaryOperator& operation) {
    const auto opcode = operation.getOpcode();
    llvm::Type* type = operation.getType();
    const bool is_signed =
        opcode == llvm::Instruction::SDiv || opcode == llvm::Instruction::SRem || opcode == llvm::Instruction::AShr;
    const bool may_overflow =
        opcode != llvm::Instruction::And && opcode != llvm::Instruction::Or && opcode != llvm::Instruction::LShr;
    if (opcode == llvm::Instruction::FRem || type->getScalarType()->isFP128Ty()) {
        refuse(operation, "arithmetic on vectors of long double");
        return define_zero(operation);
    }
    const Values left = value(operation.getOperand(0));
    const Values right = value(operation.getOperand(1));
    define(operation, lanewise({left, right}, type, [&](llvm::ArrayRef<llvm::Value*> x, unsigned) {
               llvm::Value* first = is_signed ? sign_extend_in_place(x[0], type) : x[0];
               llvm::Value* second =
                   is_signed && opcode != llvm::Instruction::AShr ? sign_extend_in_place(x[1], type) : x[1];
               // There is no division of truth values: one of bytes says the same, and traps where this one would.
               if (operation.isIntDivRem() && type->getScalarType()->isIntegerTy(1)) {
                   llvm::Type* byte = first->getType()->getWithNewBitWidth(8);
                   const auto widen = [&](llvm::Value* each) {
                       return is_signed ? b_.CreateSExt(each, byte) : b_.CreateZExt(each, byte);
                   };
                   return b_.CreateTrunc(b_.CreateBinOp(opcode, widen(first), widen(second)), first->getType());
               }
               llvm::Value* result = b_.CreateBinOp(opcode, first, second);
               if (auto* made = llvm::dyn_cast<llvm::Instruction>(result);
                   made != nullptr && !is_odd_integer(type) && made->getOpcode() == opcode) {
                   made->copyIRFlags(&operation);
               }
               return may_overflow ? mask_to_width(result, type) : result;
           }));
}

// Whether any or all lanes of a mask are set, as the optimiser writes it: icmp (bitcast <n x i1> to in), 0 or -1.
llvm::Value* FunctionLowering::compare_mask(llvm::CmpInst& compare) {
    auto* cast = llvm::dyn_cast<llvm::BitCastInst>(compare.getOperand(0));
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(compare.getOperand(1));
    if (cast == nullptr || number == nullptr || !compare.isEquality() || !cast->getSrcTy()->isVectorTy() ||
        !cast->getSrcTy()->getScalarType()->isIntegerTy(1) || !(number->isZero() || number->isMinusOne())) {
        return nullptr;
    }
    const Values parts = value(cast->getOperand(0));
    if (parts.size() != 1 || !parts.front()->getType()->isVectorTy()) {
        return nullptr;
    }
    const bool equal = compare.getPredicate() == llvm::CmpInst::ICMP_EQ;
    if (number->isZero()) {
        llvm::Value* any = b_.CreateOrReduce(parts.front());
        return equal ? b_.CreateNot(any) : any;
    }
    llvm::Value* all = b_.CreateAndReduce(parts.front());
    return equal ? all : b_.CreateNot(all);
}

void FunctionLowering::lower_compare(llvm::CmpInst& compare) {
    llvm::Type* type = compare.getOperand(0)->getType();
    if (is_capability(type->getScalarType())) {
        refuse(compare, "capabilities can't be compared with ==; use tessera_cap_equal or tessera_cap_is_null");
        return define_zero(compare);
    }
    if (type->getScalarType()->isFP128Ty()) {
        refuse(compare, "comparison of vectors of long double");
        return define_zero(compare);
    }
    if (llvm::Value* whole = compare_mask(compare)) {
        return define(compare, {whole});
    }
    const Values left = value(compare.getOperand(0));
    const Values right = value(compare.getOperand(1));
    const bool is_signed = llvm::isa<llvm::ICmpInst>(compare) && compare.isSigned();
    define(compare, lanewise({left, right}, compare.getType(), [&](llvm::ArrayRef<llvm::Value*> x, unsigned) {
               llvm::Value* first = is_signed ? sign_extend_in_place(x[0], type) : x[0];
               llvm::Value* second = is_signed ? sign_extend_in_place(x[1], type) : x[1];
               return b_.CreateCmp(compare.getPredicate(), first, second);
           }));
}

void FunctionLowering::lower_cast(llvm::CastInst& cast) {
    llvm::Type* from = cast.getSrcTy();
    llvm::Type* to = cast.getDestTy();
    const auto opcode = cast.getOpcode();
    const bool from_capability = is_capability(from->getScalarType());
    if (from_capability || is_capability(to->getScalarType()) || (opcode == llvm::Instruction::AddrSpaceCast)) {
        refuse(cast, "a capability can't be converted");
        return define_zero(cast);
    }
    const Values parts = value(cast.getOperand(0));
    const Types& wanted = program_.shapes.parts(to);
    define(cast, lanewise({parts}, to, [&](llvm::ArrayRef<llvm::Value*> x, unsigned lanes) -> llvm::Value* {
               llvm::Type* type = program_.shapes.chunk(wanted.front()->getScalarType(), lanes);
               switch (opcode) {
               case llvm::Instruction::Trunc:
               case llvm::Instruction::PtrToInt:
               case llvm::Instruction::PtrToAddr:
               case llvm::Instruction::IntToPtr:
               case llvm::Instruction::ZExt:
                   return mask_to_width(b_.CreateZExtOrTrunc(x[0], type), to);
               case llvm::Instruction::SExt:
                   return mask_to_width(b_.CreateSExtOrTrunc(sign_extend_in_place(x[0], from), type), to);
               case llvm::Instruction::SIToFP:
                   return b_.CreateSIToFP(sign_extend_in_place(x[0], from), type);
               case llvm::Instruction::UIToFP:
                   return b_.CreateUIToFP(x[0], type);
               case llvm::Instruction::FPToSI:
                   return mask_to_width(b_.CreateFPToSI(x[0], type), to);
               case llvm::Instruction::FPToUI:
                   return mask_to_width(b_.CreateFPToUI(x[0], type), to);
               case llvm::Instruction::FPTrunc:
                   return b_.CreateFPTrunc(x[0], type);
               case llvm::Instruction::FPExt:
                   return b_.CreateFPExt(x[0], type);
               default:
                   refuse(cast, "conversion '" + llvm::Twine(cast.getOpcodeName()) + "' can't be used");
                   return llvm::PoisonValue::get(type);
               }
           }));
}

void FunctionLowering::lower_select(llvm::SelectInst& select) {
    const Values condition = value(select.getCondition());
    const Values chosen = value(select.getTrueValue());
    const Values otherwise = value(select.getFalseValue());
    if (is_slice(&select)) {
        refuse(select, "a borrowed slice must be the same on every path; choose an offset instead");
        return define(select, chosen);
    }
    if (select.getCondition()->getType()->isVectorTy()) {
        return define(select, lanewise({condition, chosen, otherwise}, select.getType(), [&](auto x, unsigned) {
                          return b_.CreateSelect(x[0], x[1], x[2]);
                      }));
    }
    Values parts;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        parts.push_back(b_.CreateSelect(condition.front(), chosen[i], otherwise[i]));
    }
    define(select, std::move(parts));
}

void FunctionLowering::lower_bitcast(llvm::Instruction& cast) {
    llvm::Type* from = cast.getOperand(0)->getType();
    llvm::Type* to = cast.getType();
    Values parts = value(cast.getOperand(0));
    const Types& wanted = program_.shapes.parts(to);
    const auto bits = [](llvm::Type* type) {
        return static_cast<unsigned>(type->getPrimitiveSizeInBits().getFixedValue());
    };
    bool same_sizes = parts.size() == wanted.size();
    for (std::size_t i = 0; same_sizes && i < parts.size(); ++i) {
        same_sizes = bits(parts[i]->getType()) == bits(wanted[i]);
    }
    if (same_sizes) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i] = b_.CreateBitCast(parts[i], wanted[i]);
        }
        return define(cast, std::move(parts));
    }
    const auto total = static_cast<unsigned>(cast.getModule()->getDataLayout().getTypeSizeInBits(from).getFixedValue());
    if (total > 128 || (from->isVectorTy() && is_odd_integer(from->getScalarType())) ||
        (to->isVectorTy() && is_odd_integer(to->getScalarType()))) {
        refuse(cast, "a conversion between vectors of different shape, wider than 128 bits");
        return define_zero(cast);
    }
    // Small and oddly divided: through one integer.
    llvm::Type* whole = b_.getIntNTy(std::max(8U, std::bit_ceil(total)));
    llvm::Value* joined = llvm::ConstantInt::get(whole, 0);
    unsigned at = 0;
    for (llvm::Value* part : parts) {
        const unsigned width = from->isVectorTy() ? bits(part->getType()) : total;
        llvm::Value* piece = part;
        if (part->getType()->isVectorTy() && part->getType()->getScalarType()->isIntegerTy(1) && width < 8) {
            llvm::SmallVector<int> mask(8, static_cast<int>(width));
            std::iota(mask.begin(), mask.begin() + width, 0);
            piece = b_.CreateShuffleVector(part, llvm::Constant::getNullValue(part->getType()), mask);
            piece = b_.CreateBitCast(piece, b_.getInt8Ty());
        } else if (!part->getType()->isIntegerTy()) {
            piece = b_.CreateBitCast(part, b_.getIntNTy(width));
        }
        joined = b_.CreateOr(joined, b_.CreateShl(b_.CreateZExt(piece, whole), at));
        at += width;
    }
    Values result;
    at = 0;
    for (llvm::Type* part : wanted) {
        const unsigned width = to->isVectorTy() ? bits(part) : total;
        llvm::Value* piece = b_.CreateLShr(joined, at);
        if (part->isVectorTy() && part->getScalarType()->isIntegerTy(1) && width < 8) {
            llvm::SmallVector<int> mask(width);
            std::iota(mask.begin(), mask.end(), 0);
            piece =
                b_.CreateBitCast(b_.CreateTrunc(piece, b_.getInt8Ty()), llvm::FixedVectorType::get(b_.getInt1Ty(), 8));
            result.push_back(b_.CreateShuffleVector(piece, mask));
        } else if (part->isIntegerTy()) {
            result.push_back(b_.CreateZExtOrTrunc(piece, part));
        } else {
            result.push_back(b_.CreateBitCast(b_.CreateTrunc(piece, b_.getIntNTy(width)), part));
        }
        at += width;
    }
    define(cast, std::move(result));
}

}  // namespace tessera::lower
