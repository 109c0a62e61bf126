#include "safeir/lower/program/odd_intrinsics.h"

#include "safeir/lower/base/shape.h"

#include "llvm/ADT/bit.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Intrinsics.h"

namespace tessera::lower {

namespace {

using llvm::IRBuilder;
using llvm::Type;
using llvm::Value;
using llvm::Intrinsic::ID;

constexpr unsigned kWidthMax = 128;

Value* pair(IRBuilder<>& b, Type* type, Value* first, Value* second) {
    return b.CreateInsertValue(b.CreateInsertValue(llvm::PoisonValue::get(type), first, 0), second, 1);
}

// One bit: arithmetic becomes logic. Signed, a set bit is minus one.
Value* of_bits(const llvm::IntrinsicInst& call, IRBuilder<>& b) {
    Value* x = call.getArgOperand(0);
    Value* y = call.arg_size() > 1 ? call.getArgOperand(1) : nullptr;
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::umin:
    case llvm::Intrinsic::smax:
        return b.CreateAnd(x, y);
    case llvm::Intrinsic::umax:
    case llvm::Intrinsic::smin:
    case llvm::Intrinsic::uadd_sat:
    case llvm::Intrinsic::sadd_sat:
        return b.CreateOr(x, y);
    case llvm::Intrinsic::usub_sat:
    case llvm::Intrinsic::ssub_sat:
        return b.CreateAnd(x, b.CreateNot(y));
    case llvm::Intrinsic::abs:
    case llvm::Intrinsic::ctpop:
    case llvm::Intrinsic::bitreverse:
    case llvm::Intrinsic::fshl:  // a shift by a multiple of the width
        return x;
    case llvm::Intrinsic::fshr:
        return y;
    case llvm::Intrinsic::ctlz:
    case llvm::Intrinsic::cttz:
        return b.CreateNot(x);
    case llvm::Intrinsic::uadd_with_overflow:
    case llvm::Intrinsic::sadd_with_overflow:
        return pair(b, call.getType(), b.CreateXor(x, y), b.CreateAnd(x, y));
    case llvm::Intrinsic::usub_with_overflow:
    case llvm::Intrinsic::ssub_with_overflow:
        return pair(b, call.getType(), b.CreateXor(x, y), b.CreateAnd(b.CreateNot(x), y));
    case llvm::Intrinsic::umul_with_overflow:
        return pair(b, call.getType(), b.CreateAnd(x, y), llvm::Constant::getNullValue(x->getType()));
    case llvm::Intrinsic::smul_with_overflow:
        return pair(b, call.getType(), b.CreateAnd(x, y), b.CreateAnd(x, y));
    default:
        return nullptr;
    }
}

// Other widths: the same in the next width that safe IR has and that holds every result.
class Widened {
  public:
    Widened(const llvm::IntrinsicInst& call, IRBuilder<>& b)
        : call_(call), b_(b), narrow_(call.getArgOperand(0)->getType()), width_(narrow_->getScalarSizeInBits()) {}

    Value* expand() {
        const ID id = call_.getIntrinsicID();
        widen(width_);
        switch (id) {
        case llvm::Intrinsic::umin:
        case llvm::Intrinsic::umax:
            return narrow(b_.CreateBinaryIntrinsic(id, zext(0), zext(1)));
        case llvm::Intrinsic::smin:
        case llvm::Intrinsic::smax:
            return narrow(b_.CreateBinaryIntrinsic(id, sext(0), sext(1)));
        case llvm::Intrinsic::abs:
            return narrow(b_.CreateIntrinsic(id, {wide_}, {sext(0), b_.getFalse()}));
        case llvm::Intrinsic::ctpop:
            return narrow(b_.CreateUnaryIntrinsic(id, zext(0)));
        case llvm::Intrinsic::bswap:
        case llvm::Intrinsic::bitreverse:
            return narrow(b_.CreateLShr(b_.CreateUnaryIntrinsic(id, zext(0)), bits() - width_));
        case llvm::Intrinsic::ctlz:
            return narrow(b_.CreateSub(b_.CreateIntrinsic(id, {wide_}, {zext(0), b_.getFalse()}),
                                       llvm::ConstantInt::get(wide_, bits() - width_)));
        case llvm::Intrinsic::cttz: {
            Value* stop = llvm::ConstantInt::get(wide_, llvm::APInt::getOneBitSet(bits(), width_));
            return narrow(b_.CreateIntrinsic(id, {wide_}, {b_.CreateOr(zext(0), stop), b_.getFalse()}));
        }
        case llvm::Intrinsic::fshl:
        case llvm::Intrinsic::fshr:
            return funnel(id == llvm::Intrinsic::fshl);
        default:
            break;
        }
        return call_.getType()->isStructTy() ? overflow() : (reduction() != nullptr ? reduction_ : saturating());
    }

  private:
    void widen(unsigned needed) { wide_ = narrow_->getWithNewBitWidth(std::max(8U, llvm::bit_ceil(needed))); }
    [[nodiscard]] unsigned bits() const { return wide_->getScalarSizeInBits(); }
    Value* zext(unsigned i) { return b_.CreateZExt(call_.getArgOperand(i), wide_); }
    Value* sext(unsigned i) { return b_.CreateSExt(call_.getArgOperand(i), wide_); }
    Value* narrow(Value* value) { return b_.CreateTrunc(value, narrow_); }

    // The upper or lower half of two numbers put together and shifted; whole turns first taken off the amount.
    Value* funnel(bool left) {
        Value* x = call_.getArgOperand(0);
        Value* y = call_.getArgOperand(1);
        Value* turns = llvm::ConstantInt::get(narrow_, width_);
        Value* by = b_.CreateURem(call_.getArgOperand(2), turns);
        Value* rest = b_.CreateSub(turns, by);
        Value* zero = llvm::Constant::getNullValue(narrow_);
        // Freezing keeps the shift by a whole width, which is not used, from being poison.
        Value* moved = left ? b_.CreateOr(b_.CreateShl(x, by), b_.CreateFreeze(b_.CreateLShr(y, rest)))
                            : b_.CreateOr(b_.CreateFreeze(b_.CreateShl(x, rest)), b_.CreateLShr(y, by));
        return b_.CreateSelect(b_.CreateICmpEQ(by, zero), left ? x : y, moved);
    }

    Value* overflow() {
        const ID id = call_.getIntrinsicID();
        const bool product = id == llvm::Intrinsic::umul_with_overflow || id == llvm::Intrinsic::smul_with_overflow;
        const bool is_signed = id == llvm::Intrinsic::sadd_with_overflow || id == llvm::Intrinsic::ssub_with_overflow ||
                               id == llvm::Intrinsic::smul_with_overflow;
        // A product of wide ones may not fit even the widest: the intrinsic of that says so.
        const bool too_wide = product && 2 * width_ > kWidthMax;
        widen(too_wide ? kWidthMax : (product ? 2 * width_ : width_ + 1));
        Value* x = is_signed ? sext(0) : zext(0);
        Value* y = is_signed ? sext(1) : zext(1);
        const bool sum = id == llvm::Intrinsic::uadd_with_overflow || id == llvm::Intrinsic::sadd_with_overflow;
        Value* checked = too_wide ? b_.CreateIntrinsic(id, {wide_}, {x, y}) : nullptr;
        Value* whole = too_wide  ? b_.CreateExtractValue(checked, 0)
                       : product ? b_.CreateMul(x, y)
                                 : (sum ? b_.CreateAdd(x, y) : b_.CreateSub(x, y));
        Value* kept = narrow(whole);
        Value* back = is_signed ? b_.CreateSExt(kept, wide_) : b_.CreateZExt(kept, wide_);
        Value* lost = b_.CreateICmpNE(back, whole);
        return pair(b_, call_.getType(), kept, too_wide ? b_.CreateOr(lost, b_.CreateExtractValue(checked, 1)) : lost);
    }

    Value* saturating() {
        const auto constant = [&](const llvm::APInt& value) { return llvm::ConstantInt::get(wide_, value); };
        const ID id = call_.getIntrinsicID();
        switch (id) {
        case llvm::Intrinsic::uadd_sat:
            return narrow(b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin,
                                                   b_.CreateAdd(zext(0), zext(1)),
                                                   constant(llvm::APInt::getMaxValue(width_).zext(bits()))));
        case llvm::Intrinsic::usub_sat:
            return narrow(b_.CreateSub(b_.CreateBinaryIntrinsic(llvm::Intrinsic::umax, zext(0), zext(1)), zext(1)));
        case llvm::Intrinsic::sadd_sat:
        case llvm::Intrinsic::ssub_sat: {
            Value* whole =
                id == llvm::Intrinsic::sadd_sat ? b_.CreateAdd(sext(0), sext(1)) : b_.CreateSub(sext(0), sext(1));
            whole = b_.CreateBinaryIntrinsic(
                llvm::Intrinsic::smin, whole, constant(llvm::APInt::getSignedMaxValue(width_).sext(bits())));
            return narrow(b_.CreateBinaryIntrinsic(
                llvm::Intrinsic::smax, whole, constant(llvm::APInt::getSignedMinValue(width_).sext(bits()))));
        }
        default:
            return nullptr;
        }
    }

    Value* reduction() {
        const ID id = call_.getIntrinsicID();
        switch (id) {
        case llvm::Intrinsic::vector_reduce_add:
        case llvm::Intrinsic::vector_reduce_mul:
        case llvm::Intrinsic::vector_reduce_and:
        case llvm::Intrinsic::vector_reduce_or:
        case llvm::Intrinsic::vector_reduce_xor:
        case llvm::Intrinsic::vector_reduce_umin:
        case llvm::Intrinsic::vector_reduce_umax:
            reduction_ = b_.CreateTrunc(b_.CreateUnaryIntrinsic(id, zext(0)), call_.getType());
            break;
        case llvm::Intrinsic::vector_reduce_smin:
        case llvm::Intrinsic::vector_reduce_smax:
            reduction_ = b_.CreateTrunc(b_.CreateUnaryIntrinsic(id, sext(0)), call_.getType());
            break;
        default:
            break;
        }
        return reduction_;
    }

    const llvm::IntrinsicInst& call_;
    IRBuilder<>& b_;
    Type* narrow_;
    unsigned width_;
    Type* wide_ = nullptr;
    Value* reduction_ = nullptr;
};

bool is_reduction(const llvm::IntrinsicInst& call) {
    return call.getArgOperand(0)->getType()->isVectorTy() && !call.getType()->isVectorTy();
}

Value* expand(const llvm::IntrinsicInst& call) {
    if (call.arg_size() == 0 || !call.getArgOperand(0)->getType()->isIntOrIntVectorTy()) {
        return nullptr;
    }
    Type* scalar = call.getArgOperand(0)->getType()->getScalarType();
    IRBuilder<> b(const_cast<llvm::IntrinsicInst*>(&call));
    if (scalar->isIntegerTy(1)) {
        return is_reduction(call) ? nullptr : of_bits(call, b);
    }
    return is_odd_integer(scalar) && scalar->getIntegerBitWidth() < kWidthMax ? Widened(call, b).expand() : nullptr;
}

}  // namespace

void expand_odd_intrinsics(llvm::Module& module) {
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
            Value* value = call != nullptr ? expand(*call) : nullptr;
            if (value != nullptr) {
                call->replaceAllUsesWith(value);
                call->eraseFromParent();
            }
        }
    }
}

}  // namespace tessera::lower
