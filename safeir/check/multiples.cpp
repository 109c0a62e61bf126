#include "safeir/check/multiples.h"

#include "llvm/IR/Instructions.h"

#include <algorithm>
#include <bit>

namespace tessera::safeir {
namespace {

constexpr unsigned kAll = 64;

}  // namespace

unsigned Multiples::zero_bits(const llvm::Value* value) const {
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value);
    return number != nullptr ? std::min(kAll, number->isZero() ? kAll : number->getValue().countr_zero())
                             : claims_.lookup(value);
}

unsigned Multiples::zero_bits(const Linear& sum) const {
    unsigned least = sum.parts().empty() ? 0 : kAll;
    for (const Part& part : sum.parts()) {
        const auto of_scale = static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(part.scale)));
        least = std::min(least, zero_bits(part.value) + of_scale);
    }
    return least;
}

unsigned Multiples::zero_bits_of_result(const llvm::Value* value) const {
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(value)) {
        unsigned least = kAll;
        for (const llvm::Value* incoming : phi->incoming_values()) {
            least = std::min(least, zero_bits(incoming));
        }
        return least;
    }
    if (llvm::isa<llvm::ZExtInst, llvm::TruncInst>(value)) {
        return zero_bits(llvm::cast<llvm::Instruction>(value)->getOperand(0));
    }
    const Operation op = operation(const_cast<llvm::Value*>(value));
    if (op.binary == nullptr) {
        return 0;
    }
    unsigned shifted = 0;
    switch (op.binary->getOpcode()) {
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Or:
    case llvm::Instruction::Xor:
        return std::min(zero_bits(op.left), zero_bits(op.right));
    case llvm::Instruction::And:
    case llvm::Instruction::Mul:
        return std::max(zero_bits(op.left), zero_bits(op.right));
    case llvm::Instruction::Shl:
        shifted = op.factor() != 0 ? zero_bits(op.left) + static_cast<unsigned>(op.number->getZExtValue()) : 0;
        return std::min(kAll, shifted);
    default:
        return 0;
    }
}

bool Multiples::all_hold() const {
    return std::ranges::all_of(claims_,
                               [&](const auto& claim) { return claim.second <= zero_bits_of_result(claim.first); });
}

}  // namespace tessera::safeir
