// Does an access stay inside its bounds? Proofs from ranges and from dominating branches, and nothing cleverer.
//
// A fact is `x + c <= bound`, unsigned and without overflow, with x a value (or zero) and bound a slice's length or a
// number. Facts come from the branch into a block that has one predecessor, and hold in all blocks that it dominates.
// One walk over the dominator tree, a bounded number of facts per value: linear.
#pragma once

#include "safeir/check/dominators.h"
#include "safeir/diag/rule.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tessera::safeir {

// To be proven at `at`: variable + constant <= bound (in bytes, without overflow). `variable` may be null (zero).
struct Obligation {
    Rule rule;
    llvm::Instruction* at;
    llvm::Value* variable;
    std::uint64_t constant;
    llvm::Value* length;  // a slice's length key, or null: then `size` is the bound
    std::uint64_t size;
};

// The largest value that `value` can have, read as unsigned, from its own shape.
[[nodiscard]] std::uint64_t unsigned_max(const llvm::Value* value);

// Whether the obligation holds by the variable's own range.
[[nodiscard]] bool holds_by_range(const Obligation& obligation);

class FactProver {
  public:
    FactProver(llvm::Function& function, const Dominators& dominators);

    // The first obligation that can't be proven. Obligations are in the order of a walk over blocks.
    [[nodiscard]] const Obligation* first_unproven(const std::vector<Obligation>& obligations);

  private:
    struct Fact {
        std::uint64_t constant;
        llvm::Value* length;  // null: `size` is the bound
        std::uint64_t size;
    };
    using Facts = llvm::SmallVector<Fact, 2>;

    void find_unstable_values();
    [[nodiscard]] bool is_stable(const llvm::Value* value) const { return !unstable_.contains(value); }
    void learn_from_entry(llvm::BasicBlock& block);
    void learn(llvm::Value* condition, bool is_true);
    void learn_at_most(llvm::Value* smaller, std::uint64_t plus, llvm::Value* bound);
    void add_fact(llvm::Value* value, Fact fact);
    [[nodiscard]] bool known(llvm::Value* value, std::uint64_t constant, llvm::Value* length, std::uint64_t size) const;
    [[nodiscard]] bool holds(const Obligation& obligation) const;

    llvm::Function& function_;
    const Dominators& dominators_;
    llvm::DenseSet<const llvm::Value*> unstable_;
    llvm::DenseMap<llvm::Value*, Facts> facts_;
    llvm::SmallVector<llvm::Value*, 32> learnt_;  // to forget on leaving a block
};

}  // namespace tessera::safeir
