// Does an access stay inside its bounds? Proofs from ranges, dominating branches and loop invariants, and nothing
// cleverer.
//
// A fact is a linear sum of numbers that is at most zero: values are read as unsigned, and nothing wraps. Facts come
// - from a value's own operation (a mask, a quotient, a difference; a sum that wraps is at most the sum),
// - from the branch into a block that has one predecessor, for all blocks that it dominates,
// - from assumptions about phis, each of which is proven for the values on every incoming edge, given all of them. One
//   that fails is dropped and everything is proven anew without it, a bounded number of times.
// A proof is a bounded search: take a positive part of what is to be at most zero, and a fact that has it, and subtract
// the fact. One walk over the dominator tree a round, a bounded number of facts a value, and work in proportion to the
// function's size: linear.
#pragma once

#include "safeir/check/dominators.h"
#include "safeir/check/linear.h"
#include "safeir/diag/rule.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"

#include <cstdint>
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

// Whether the obligation holds by the variable's own range.
[[nodiscard]] bool holds_by_range(const Obligation& obligation);

class FactProver {
  public:
    FactProver(llvm::Function& function, const Dominators& dominators);

    // What was found about one obligation: the branches and phis whose facts the proof took.
    struct Verdict {
        bool proven = false;
        llvm::SmallVector<const llvm::Instruction*, 4> by;
    };
    // In the order of the obligations, which are of reachable blocks. With less work than the checker does, what is
    // proven will be proven by the checker, too, when the function has become smaller.
    enum class Work : std::uint8_t { Whole, Most };
    [[nodiscard]] std::vector<Verdict> prove_all(const std::vector<Obligation>& obligations, Work most = Work::Whole);
    [[nodiscard]] std::uint64_t work_done() const { return work_done_; }  // in steps

  private:
    struct Fact {
        Linear sum;  // at most zero
        const llvm::Instruction* from = nullptr;
    };
    using Facts = llvm::SmallVector<Fact, 2>;
    struct Least {
        Wide number;
        const llvm::Instruction* from;
    };
    struct Open {  // of a search
        Linear sum;
        std::uint64_t hash;
        std::size_t parent;
        const llvm::Instruction* from;
    };
    struct Assumption {  // of phis of a block and of values that are the same for as long as the block is in a loop
        llvm::BasicBlock* block;
        Linear sum;  // at most zero
        bool alive = true;
    };

    // facts.cpp: what is known, and the search.
    void find_unstable_values();
    [[nodiscard]] bool is_stable(const llvm::Value* value) const { return !unstable_.contains(value); }
    [[nodiscard]] llvm::Value* key(llvm::Value* value) const;
    [[nodiscard]] bool add(Linear& sum, llvm::Value* value, Wide scale) const { return sum.add(key(value), scale); }
    [[nodiscard]] Linear difference(llvm::Value* smaller, Wide plus, llvm::Value* bound) const;
    [[nodiscard]] Wide at_least(const llvm::Value* key) const;
    [[nodiscard]] Facts shape(llvm::Value* value) const;
    [[nodiscard]] Wide extreme(const Linear& sum, Wide sign) const;
    [[nodiscard]] bool is_evident(const Linear& sum) const { return extreme(sum, 1) <= 0; }
    [[nodiscard]] bool any_known(const llvm::Value* value, llvm::function_ref<bool(const Fact&)> take) const;
    [[nodiscard]] bool is_subtracted_exactly(const Operation& difference) const;
    [[nodiscard]] bool prove(const Linear& sum, bool is_obligation = false);
    bool expand(std::size_t at);
    bool reach(const Linear& from, const Linear& fact, Wide times, std::size_t parent, const llvm::Instruction* by);
    void note_used(std::size_t at);
    [[nodiscard]] bool is_at_most(const Linear& sum, Wide most);
    [[nodiscard]] bool unfold(llvm::Value* value, Linear& sum);
    [[nodiscard]] Linear split(llvm::Value* value);

    // learning.cpp: what branches say.
    void learn_edge(const llvm::BasicBlock& from, const llvm::BasicBlock& to);
    void learn(llvm::Value* condition, bool is_true, const llvm::Instruction* from);
    void learn_compare(llvm::ICmpInst& compare, llvm::CmpInst::Predicate predicate, const llvm::Instruction* from);
    void learn_at_most(llvm::Value* smaller, Wide plus, llvm::Value* bound, const llvm::Instruction* from);
    void note_exact(llvm::Value* value);
    void add_fact(const Linear& sum, const llvm::Instruction* from);
    void add_least(llvm::Value* value, Wide least, const llvm::Instruction* from);
    void forget(std::size_t learnt_before);

    // assumptions.cpp: what is assumed about phis, and the proof of it.
    void guess_assumptions();
    void propose(llvm::Value* value, Wide plus, llvm::Value* bound);
    void propose(const Linear& sum, Wide plus);
    void propose_phi(llvm::PHINode& phi, const Linear& sum, Wide base, Wide plus);
    [[nodiscard]] Facts guesses(llvm::Value* value);
    void assume(llvm::BasicBlock& block, const Linear& sum);
    [[nodiscard]] bool is_assumable(const llvm::BasicBlock& block, const Linear& sum) const;
    void verify_edges(llvm::BasicBlock& from);
    [[nodiscard]] bool holds_on_edge(const Assumption& assumption, const llvm::BasicBlock& from);

    // walk.cpp
    enum class Purpose { Accesses, Assumptions };
    void enter(llvm::BasicBlock& block);
    void prove_accesses(const llvm::BasicBlock& block);
    void walk(Purpose purpose);

    llvm::Function& function_;
    const Dominators& dominators_;
    std::uint64_t work_left_ = 0;
    std::uint64_t work_done_ = 0;
    llvm::DenseSet<const llvm::Value*> unstable_;
    std::vector<Fact> facts_;
    llvm::DenseMap<const llvm::Value*, llvm::SmallVector<unsigned, 4>> facts_of_;  // by the values of positive parts
    llvm::DenseMap<const llvm::Value*, llvm::SmallVector<Least, 1>> least_;        // number <= the value
    std::vector<const llvm::Value*> learnt_;  // to forget on leaving a block: the value of a Least, or null for a Fact
    std::vector<Open> open_;
    std::size_t open_max_ = 0;
    std::vector<Assumption> assumptions_;
    llvm::DenseMap<const llvm::BasicBlock*, llvm::SmallVector<unsigned, 4>> assumptions_of_;
    unsigned variants_max_ = 0;
    bool failed_assumption_ = false;
    llvm::DenseMap<const llvm::BasicBlock*, llvm::SmallVector<unsigned, 2>> obligations_of_;
    const std::vector<Obligation>* obligations_ = nullptr;
    std::vector<Verdict> verdicts_;
    llvm::SmallVector<const llvm::Instruction*, 4> used_;  // by the last proof that was found
};

}  // namespace tessera::safeir
