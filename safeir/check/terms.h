// The numbers of a function that proofs may speak of, and what their operations say of them.
#pragma once

#include "safeir/check/linear.h"
#include "safeir/check/obligation.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Function.h"

#include <optional>

namespace tessera::safeir {

class Terms {
  public:
    explicit Terms(llvm::Function& function);

    // Pinned: each use sees the same number.
    [[nodiscard]] bool is_stable(const llvm::Value* value) const { return !unstable_.contains(value); }
    // One name for values that are the same number: extended, frozen though stable, or a length that lost no bits.
    [[nodiscard]] llvm::Value* key(llvm::Value* value) const;
    // False for what is no number or not stable, and where the sum has no room.
    [[nodiscard]] bool add(Linear& sum, llvm::Value* value, Wide scale) const;

    // What the value's own operation says of it, by number from 0: a sum that is at most zero. A sum or product that
    // wraps is less than the sum or product.
    [[nodiscard]] std::optional<Linear> shape(llvm::Value* value, unsigned number) const;
    // If `premise` is at most zero, the operation doesn't wrap, and `zero` is zero. `is_down`: x + number as x less
    // the number's complement.
    struct Exact {
        Linear premise;
        Linear zero;
    };
    [[nodiscard]] std::optional<Exact> exact(llvm::Value* value, bool is_down) const;
    // Disjoint bits of one number are together at most the number.
    [[nodiscard]] std::optional<Linear> together(llvm::Value* some, llvm::Value* others) const;
    // What has to be at most zero, so that the obligation holds.
    [[nodiscard]] std::optional<Linear> goal(const Obligation& obligation) const;

  private:
    [[nodiscard]] std::optional<Linear> sum_of(std::initializer_list<Part> parts, Wide constant = 0) const;

    llvm::DenseSet<const llvm::Value*> unstable_;
};

// Whether the obligation holds by the variable's own range.
[[nodiscard]] bool holds_by_range(const Obligation& obligation);
// At most zero by the ranges of its values.
[[nodiscard]] bool is_evident(const Linear& sum);

}  // namespace tessera::safeir
