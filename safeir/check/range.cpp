#include "safeir/check/range.h"

#include "safeir/check/provenance.h"
#include "safeir/wire/format.h"

#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

#include <algorithm>

namespace tessera::safeir {

bool gives_slice(const llvm::Value* value) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(value);
    return call != nullptr && call->getCalledFunction() != nullptr &&
           slice_result(*call->getCalledFunction()).has_value();
}

bool is_slice_length(const llvm::Value* key) {
    const auto* argument = llvm::dyn_cast<llvm::Argument>(key);
    return argument != nullptr ? argument->getArgNo() > 0 &&
                                     slice_parameter(*argument->getParent(), argument->getArgNo() - 1).has_value()
                               : gives_slice(key);
}

std::uint64_t unsigned_max(const llvm::Value* value) {
    // Follows single operands only, so it is a loop; `cap` is what the steps so far leave possible.
    std::uint64_t cap = ~std::uint64_t{0};
    for (unsigned step = 0; step < kStepsMax; ++step) {
        if (is_slice_length(slice_length_key(const_cast<llvm::Value*>(value)))) {
            return std::min(cap, wire::kSliceBytesMax);
        }
        if (!is_number(value)) {
            return cap;
        }
        cap = std::min(cap, width_max(value));
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
            return std::min(cap, number->getZExtValue());
        }
        if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(value);
            llvm::isa<llvm::ZExtInst>(value) ||
            (call != nullptr && (call->getIntrinsicID() == llvm::Intrinsic::umin ||
                                 call->getIntrinsicID() == llvm::Intrinsic::usub_sat))) {
            value = llvm::cast<llvm::User>(value)->getOperand(0);
            continue;
        }
        const Operation op = operation(const_cast<llvm::Value*>(value));
        if (op.number == nullptr) {
            return cap;
        }
        const std::uint64_t number = op.number->getZExtValue();
        switch (op.binary->getOpcode()) {
        case llvm::Instruction::And:
            cap = std::min(cap, number);
            break;
        case llvm::Instruction::URem:
            cap = std::min(cap, number == 0 ? cap : number - 1);
            break;
        case llvm::Instruction::LShr:
            cap =
                std::min(cap, number >= op.binary->getType()->getIntegerBitWidth() ? cap : width_max(value) >> number);
            break;
        case llvm::Instruction::UDiv:
            cap = std::min(cap, number == 0 ? cap : width_max(value) / number);
            break;
        default:
            return cap;
        }
        value = op.left;  // none of them gives more than it takes
    }
    return cap;
}

namespace {

constexpr unsigned kZeroBitsStepsMax = 24;

// Of a phi that is asked about while it is being answered (`open`), any number of bits is said: each operation here
// keeps a number of zero bits that all of its operands have, so what the other ways into the phi have is kept by a way
// round.
unsigned zero_bits(const llvm::Value* value, unsigned& steps, llvm::SmallVectorImpl<const llvm::Value*>& open) {
    static constexpr unsigned kAll = 64;
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
        return number->isZero() ? kAll : std::min(kAll, number->getValue().countr_zero());
    }
    if (steps == 0 || llvm::is_contained(open, value)) {
        return steps == 0 ? 0 : kAll;
    }
    --steps;
    if (llvm::isa<llvm::ZExtInst, llvm::TruncInst>(value)) {
        return zero_bits(llvm::cast<llvm::Instruction>(value)->getOperand(0), steps, open);
    }
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(value)) {
        unsigned least = kAll;
        open.push_back(phi);
        for (const llvm::Value* incoming : phi->incoming_values()) {
            least = least == 0 ? 0 : std::min(least, zero_bits(incoming, steps, open));
        }
        open.pop_back();
        return least;
    }
    const Operation op = operation(const_cast<llvm::Value*>(value));
    if (op.binary == nullptr) {
        return 0;
    }
    const auto left = [&] { return zero_bits(op.left, steps, open); };
    const auto right = [&] { return zero_bits(op.right, steps, open); };
    switch (op.binary->getOpcode()) {
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Or:
    case llvm::Instruction::Xor:
        return std::min(left(), right());
    case llvm::Instruction::And:
    case llvm::Instruction::Mul:
        return std::max(left(), right());
    case llvm::Instruction::Shl:
        return op.number != nullptr && op.factor() != 0
                   ? std::min(kAll, left() + static_cast<unsigned>(op.number->getZExtValue()))
                   : 0;
    default:
        return 0;
    }
}

}  // namespace

unsigned zero_bits(const llvm::Value* value) {
    unsigned steps = kZeroBitsStepsMax;
    llvm::SmallVector<const llvm::Value*, 4> open;
    return is_number(value) ? zero_bits(value, steps, open) : 0;
}

Operation operation(llvm::Value* value) {
    auto* binary = llvm::dyn_cast_or_null<llvm::BinaryOperator>(value);
    if (binary == nullptr || !is_number(binary)) {
        return {};
    }
    return {
        binary, binary->getOperand(0), binary->getOperand(1), llvm::dyn_cast<llvm::ConstantInt>(binary->getOperand(1))};
}

}  // namespace tessera::safeir
