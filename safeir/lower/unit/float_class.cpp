#include "safeir/lower/unit/float_class.h"

#include "llvm/ADT/FloatingPointMode.h"

namespace tessera::lower {

llvm::Value* expand_float_class(llvm::IRBuilderBase& b, llvm::Value* x, unsigned mask) {
    llvm::Type* type = x->getType();
    const llvm::fltSemantics& semantics = type->getScalarType()->getFltSemantics();
    const unsigned width = type->getScalarSizeInBits();
    llvm::Type* integer = type->getWithNewType(b.getIntNTy(width));
    const auto constant = [&](const llvm::APInt& value) { return llvm::ConstantInt::get(integer, value); };

    const llvm::APInt infinity = llvm::APFloat::getInf(semantics).bitcastToAPInt();
    const llvm::APInt smallest = llvm::APFloat::getSmallestNormalized(semantics).bitcastToAPInt();
    const llvm::APInt quiet = llvm::APFloat::getQNaN(semantics).bitcastToAPInt();
    llvm::Value* bits = b.CreateBitCast(x, integer);
    llvm::Value* magnitude = b.CreateAnd(bits, constant(llvm::APInt::getSignedMaxValue(width)));
    llvm::Value* negative = b.CreateICmpSLT(bits, constant(llvm::APInt(width, 0)));

    llvm::Value* result = llvm::ConstantInt::getFalse(negative->getType());
    const auto add = [&](unsigned positive_class, unsigned negative_class, auto make_test) {
        const bool positive = (mask & positive_class) != 0;
        const bool minus = (mask & negative_class) != 0;
        if (positive || minus) {
            llvm::Value* test = make_test();
            if (positive != minus) {
                test = b.CreateAnd(test, minus ? negative : b.CreateNot(negative));
            }
            result = b.CreateOr(result, test);
        }
    };
    const auto in_range = [&](const llvm::APInt& from, const llvm::APInt& to) {
        return b.CreateICmpULT(b.CreateSub(magnitude, constant(from)), constant(to - from));
    };
    add(llvm::fcPosZero, llvm::fcNegZero, [&] { return b.CreateICmpEQ(magnitude, constant(llvm::APInt(width, 0))); });
    add(llvm::fcPosSubnormal, llvm::fcNegSubnormal, [&] { return in_range(llvm::APInt(width, 1), smallest); });
    add(llvm::fcPosNormal, llvm::fcNegNormal, [&] { return in_range(smallest, infinity); });
    add(llvm::fcPosInf, llvm::fcNegInf, [&] { return b.CreateICmpEQ(magnitude, constant(infinity)); });
    add(llvm::fcSNan, llvm::fcSNan, [&] { return in_range(infinity + 1, quiet); });
    add(llvm::fcQNan, llvm::fcQNan, [&] { return b.CreateICmpUGE(magnitude, constant(quiet)); });
    return result;
}

}  // namespace tessera::lower
