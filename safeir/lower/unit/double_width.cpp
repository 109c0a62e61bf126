#include "safeir/lower/unit/double_width.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace tessera::lower {

namespace {

using llvm::Instruction;
using llvm::Value;

constexpr unsigned kHalf = 128;

bool is_double(const llvm::Type* type) {
    return type->isIntegerTy() && type->getIntegerBitWidth() > kHalf && type->getIntegerBitWidth() <= 2 * kHalf;
}

struct Pair {
    Value* low;
    Value* high;
};

class DoubleWidth {
  public:
    explicit DoubleWidth(llvm::Function& function) : function_(function), b_(function.getContext()) {}

    void run() {
        llvm::SmallVector<Instruction*> wide;
        llvm::SmallVector<Instruction*> uses;  // narrow, of wide ones
        for (llvm::BasicBlock* block : llvm::ReversePostOrderTraversal<llvm::Function*>(&function_)) {
            for (Instruction& i : *block) {
                const bool takes =
                    llvm::any_of(i.operands(), [](const llvm::Use& use) { return is_double(use->getType()); });
                if (is_double(i.getType())) {
                    if (!can_divide(i)) {
                        return;
                    }
                    wide.push_back(&i);
                } else if (takes) {
                    if (i.getOpcode() != Instruction::Trunc) {
                        return;
                    }
                    uses.push_back(&i);
                }
            }
        }
        for (Instruction* i : wide) {
            b_.SetInsertPoint(i);
            pairs_[i] = divide(*i);
        }
        for (Instruction* i : uses) {
            b_.SetInsertPoint(i);
            i->replaceAllUsesWith(b_.CreateTrunc(pair(i->getOperand(0)).low, i->getType()));
            i->eraseFromParent();
        }
        for (Instruction* i : llvm::reverse(wide)) {
            i->eraseFromParent();
        }
    }

  private:
    static bool can_divide(const Instruction& i) {
        switch (i.getOpcode()) {
        case Instruction::ZExt:
            return i.getOperand(0)->getType()->getIntegerBitWidth() <= kHalf;
        case Instruction::Mul:
            return i.getType()->getIntegerBitWidth() == 2 * kHalf;
        case Instruction::LShr:
            return i.getType()->getIntegerBitWidth() == 2 * kHalf && llvm::isa<llvm::ConstantInt>(i.getOperand(1));
        default:
            return false;
        }
    }

    llvm::Type* half() { return b_.getIntNTy(kHalf); }

    Pair pair(Value* value) {
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
            const llvm::APInt all = number->getValue().zext(2 * kHalf);
            return {llvm::ConstantInt::get(half(), all.trunc(kHalf)),
                    llvm::ConstantInt::get(half(), all.lshr(kHalf).trunc(kHalf))};
        }
        const auto found = pairs_.find(value);
        return found != pairs_.end() ? found->second
                                     : Pair{llvm::PoisonValue::get(half()), llvm::PoisonValue::get(half())};
    }

    Pair divide(Instruction& i) {
        if (i.getOpcode() == Instruction::ZExt) {
            return {b_.CreateZExt(i.getOperand(0), half()), llvm::ConstantInt::get(half(), 0)};
        }
        const Pair x = pair(i.getOperand(0));
        if (i.getOpcode() == Instruction::Mul) {
            return multiply(x, pair(i.getOperand(1)));
        }
        return shift_right(x, llvm::cast<llvm::ConstantInt>(i.getOperand(1))->getLimitedValue(2 * kHalf));
    }

    Pair shift_right(const Pair& x, std::uint64_t by) {
        Value* zero = llvm::ConstantInt::get(half(), 0);
        if (by == 0 || by >= 2 * kHalf) {
            return by == 0 ? x : Pair{zero, zero};
        }
        if (by >= kHalf) {
            return {b_.CreateLShr(x.high, by - kHalf), zero};
        }
        return {b_.CreateOr(b_.CreateLShr(x.low, by), b_.CreateShl(x.high, kHalf - by)), b_.CreateLShr(x.high, by)};
    }

    // Schoolbook, in digits of 64 bits; of the upper halves only what stays below 2^256 counts.
    Pair multiply(const Pair& x, const Pair& y) {
        constexpr unsigned kDigit = kHalf / 2;
        Value* mask = llvm::ConstantInt::get(half(), llvm::APInt::getLowBitsSet(kHalf, kDigit));
        const auto low = [&](Value* v) { return b_.CreateAnd(v, mask); };
        const auto high = [&](Value* v) { return b_.CreateLShr(v, kDigit); };
        Value* low_low = b_.CreateMul(low(x.low), low(y.low));
        Value* low_high = b_.CreateMul(low(x.low), high(y.low));
        Value* high_low = b_.CreateMul(high(x.low), low(y.low));
        Value* high_high = b_.CreateMul(high(x.low), high(y.low));
        Value* middle = b_.CreateAdd(b_.CreateAdd(high(low_low), low(low_high)), low(high_low));
        Value* upper =
            b_.CreateAdd(b_.CreateAdd(high_high, high(low_high)), b_.CreateAdd(high(high_low), high(middle)));
        Value* crossed = b_.CreateAdd(b_.CreateMul(x.low, y.high), b_.CreateMul(x.high, y.low));
        return {b_.CreateOr(low(low_low), b_.CreateShl(middle, kDigit)), b_.CreateAdd(upper, crossed)};
    }

    llvm::Function& function_;
    llvm::IRBuilder<> b_;
    llvm::DenseMap<const Value*, Pair> pairs_;
};

}  // namespace

void divide_double_width(llvm::Module& module) {
    for (llvm::Function& function : module) {
        const bool any =
            llvm::any_of(llvm::instructions(function), [](const Instruction& i) { return is_double(i.getType()); });
        if (any) {
            DoubleWidth(function).run();
        }
    }
}

}  // namespace tessera::lower
