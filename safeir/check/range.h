// Numbers as the checker reads them: unsigned, at most 64 bits wide.
#pragma once

#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"

#include <cstdint>

namespace tessera::safeir {

using Wide = __int128;  // sums of a few products of 64-bit numbers never overflow it

inline constexpr std::int64_t kScaleMax = std::int64_t{1} << 32;  // of a part of a sum
inline constexpr unsigned kStepsMax = 6;                          // how far expressions are followed

[[nodiscard]] inline bool is_number(const llvm::Value* value) {
    return value->getType()->isIntegerTy() && value->getType()->getIntegerBitWidth() <= 64;
}

// The largest number of its type.
[[nodiscard]] inline std::uint64_t width_max(const llvm::Value* value) {
    const unsigned bits = value->getType()->getIntegerBitWidth();
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

// A value that is a slice's length gets one name, however often it was extracted: the argument, or the call that gave
// the slice.
[[nodiscard]] llvm::Value* slice_length_key(llvm::Value* length);
// Of what it gives: whether it stands for a slice's length, or is the call that gives the slice.
[[nodiscard]] bool is_slice_length(const llvm::Value* key);
[[nodiscard]] bool gives_slice(const llvm::Value* value);

// The largest value that `value` can have, from its own shape.
[[nodiscard]] std::uint64_t unsigned_max(const llvm::Value* value);

// Multiples of a power of two are apart by a multiple of it.
[[nodiscard]] inline Wide rounded_up(Wide number, unsigned zero_bits) {
    const Wide unit = Wide{1} << zero_bits;
    return (number + unit - 1) & -unit;
}

// `x op number`, for an operation on at most 64 bits; or number is null.
struct Operation {
    llvm::BinaryOperator* binary = nullptr;
    llvm::Value* left = nullptr;
    llvm::Value* right = nullptr;
    const llvm::ConstantInt* number = nullptr;
    [[nodiscard]] bool is(llvm::Instruction::BinaryOps opcode) const {
        return binary != nullptr && binary->getOpcode() == opcode;
    }
    // For additions and subtractions of a number: what is taken away, or 0.
    [[nodiscard]] std::uint64_t taken() const {
        if (number == nullptr ||
            !(is(llvm::Instruction::Sub) || (is(llvm::Instruction::Add) && number->isNegative()))) {
            return 0;
        }
        return (is(llvm::Instruction::Sub) ? number->getValue() : -number->getValue()).getZExtValue();
    }
    // For multiplications and divisions by a number, shifts included: it, or 0 where it would not be in range.
    [[nodiscard]] Wide factor() const {
        const bool shifts = is(llvm::Instruction::Shl) || is(llvm::Instruction::LShr);
        if (number == nullptr || (shifts && number->getValue().uge(binary->getType()->getIntegerBitWidth()))) {
            return 0;
        }
        return shifts ? Wide{1} << number->getZExtValue() : Wide{number->getZExtValue()};
    }
    // The same as a sum may have it; 0: it can't.
    [[nodiscard]] std::int64_t scale() const { return factor() <= kScaleMax ? static_cast<std::int64_t>(factor()) : 0; }
};

[[nodiscard]] Operation operation(llvm::Value* value);

}  // namespace tessera::safeir
