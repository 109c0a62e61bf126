// Which values are multiples of a power of two, as a proof claims: all claims are believed of operands, and each is
// then looked at in one step. A value is computed from values that were computed before it, so that is an induction.
#pragma once

#include "safeir/check/linear.h"

#include "llvm/ADT/DenseMap.h"

namespace tessera::safeir {

class Multiples {
  public:
    // Low bits that are zero. False if something was claimed of the value before.
    [[nodiscard]] bool claim(const llvm::Value* value, unsigned zero_bits) {
        return claims_.try_emplace(value, zero_bits).second;
    }
    [[nodiscard]] bool all_hold() const;
    [[nodiscard]] unsigned zero_bits(const llvm::Value* value) const;
    // Of the sum of the parts, without the constant.
    [[nodiscard]] unsigned zero_bits(const Linear& sum) const;
    // What the value's operation gives, if all that is claimed of its operands is so.
    [[nodiscard]] unsigned zero_bits_of_result(const llvm::Value* value) const;

  private:
    llvm::DenseMap<const llvm::Value*, unsigned> claims_;
};

}  // namespace tessera::safeir
