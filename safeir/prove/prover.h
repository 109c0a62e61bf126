// Finds proofs that accesses stay inside their bounds: from ranges, dominating branches and loop invariants. Untrusted:
// what is found is written down as certificate.h says, and verified by safeir/check/proof_checker.
//
// A fact is a linear sum of numbers that is at most zero: values are read as unsigned, and nothing wraps. Facts come
// - from a value's own operation (a mask, a quotient, a difference; a sum that wraps is at most the sum),
// - from the branch into a block that has one predecessor, for all blocks that it dominates,
// - from assumptions about phis, each of which is proven for the values on every incoming edge, given all of them. One
//   that fails is dropped and everything is proven anew without it, a bounded number of times.
// A proof is a bounded search: take a positive part of what is to be at most zero, and a fact that has it, and subtract
// the fact. One walk over the dominator tree a round, a bounded number of facts a value, and work in proportion to the
// function's size.
#pragma once

#include "safeir/check/terms.h"
#include "safeir/prove/dominators.h"
#include "safeir/prove/line.h"
#include "safeir/prove/sums.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"

#include <cstdint>
#include <deque>
#include <map>
#include <tuple>
#include <vector>

namespace tessera::safeir {

class FactProver {
  public:
    FactProver(llvm::Function& function, const Dominators& dominators);

    struct Verdict {
        bool proven = false;
        Reason steps;
    };
    // In the order of the obligations, which are of reachable blocks. With less work than for the proof that travels,
    // what is proven will be proven then, too, when the function has become smaller.
    enum class Work : std::uint8_t { Whole, Most };
    const std::vector<Verdict>& prove_all(const std::vector<Obligation>& obligations, Work most = Work::Whole);

    // What certificates are written from.
    struct Assumption {  // of phis of a block and of values that are the same for as long as the block is in a loop
        llvm::BasicBlock* block;
        Line line;
        bool alive;
        llvm::DenseMap<const llvm::BasicBlock*, Reason> proofs;  // by the block that an edge comes from
    };
    [[nodiscard]] const std::vector<Verdict>& verdicts() const { return verdicts_; }
    [[nodiscard]] const std::deque<Assumption>& assumptions() const { return assumptions_; }

  private:
    struct Fact {
        Linear sum;  // at most zero
        Reason why;
    };
    using Facts = llvm::SmallVector<Fact, 2>;
    struct Least {
        Wide number;
        const Line* line;
    };
    struct Open {  // of a search
        Linear sum;
        std::uint64_t hash;
        std::size_t parent;
        Reason why;
        std::int64_t times;  // the reason is taken
        std::int64_t many;   // what was to be proven is taken first
    };
    struct Arrival {  // the edge of which a condition is learnt
        const llvm::BasicBlock* to;
        bool is_at_hand;
    };
    struct Condition {
        llvm::ICmpInst* compare;
        llvm::CmpInst::Predicate predicate;
        std::uint64_t path;
    };

    // prover.cpp: what is known, and the search.
    [[nodiscard]] bool is_stable(const llvm::Value* value) const { return terms_.is_stable(value); }
    [[nodiscard]] llvm::Value* key(llvm::Value* value) const { return terms_.key(value); }
    [[nodiscard]] bool add(Linear& sum, llvm::Value* value, Wide scale) const { return terms_.add(sum, value, scale); }
    [[nodiscard]] Linear difference(llvm::Value* smaller, Wide plus, llvm::Value* bound) const;
    [[nodiscard]] Wide at_least(const llvm::Value* key) const;
    [[nodiscard]] Facts shape(llvm::Value* value);
    [[nodiscard]] Wide extreme(const Linear& sum, Wide sign) const;
    [[nodiscard]] bool is_evident(const Linear& sum) const { return extreme(sum, 1) <= 0; }
    [[nodiscard]] bool any_known(const llvm::Value* value, llvm::function_ref<bool(const Fact&)> take) const;
    [[nodiscard]] bool is_plain(const Linear& goal, const llvm::Value* about, const Line*& proof);
    [[nodiscard]] bool prove(const Linear& sum, bool is_obligation = false);
    [[nodiscard]] bool prove(const Linear& sum, const Line*& proof);
    bool expand(std::size_t at);
    bool reach(const Linear& from, std::int64_t many, const Fact& fact, std::int64_t times, std::size_t parent);
    [[nodiscard]] bool note_steps(std::size_t at);
    [[nodiscard]] const Line* unfold(llvm::Value* value);
    [[nodiscard]] Reason split(llvm::Value* value, Linear& sum);
    [[nodiscard]] unsigned zero_bits(const Linear& sum);

    // lines.cpp: what has been found, in the checker's words.
    [[nodiscard]] bool follows(const Linear& goal, const Reason& steps) const;
    void add_leasts(const Linear& rest, std::int64_t times, Reason& steps) const;
    [[nodiscard]] const Line* line_for(const Linear& sum, Reason steps);
    [[nodiscard]] const Line* shape_line(llvm::Value* value, unsigned number);
    [[nodiscard]] const Line* exact_line(llvm::Value* value, bool is_down, const Line* premise);
    [[nodiscard]] const Line* together_line(llvm::Value* some, llvm::Value* others);
    [[nodiscard]] const Line* keep(Line line);

    // learning.cpp: what branches say.
    void learn_edge(const llvm::BasicBlock& from, Arrival arrival);
    void learn(llvm::Value* condition, bool is_true, Arrival arrival);
    void learn_compare(const Condition& condition, Arrival arrival);
    void learn_at_most(llvm::Value* smaller, llvm::Value* bound, Step edge);
    void note_exact(llvm::Value* value);
    void add_fact(Fact fact);
    void add_least(llvm::Value* value, Fact fact);
    void forget(std::size_t learnt_before);

    // assumptions.cpp: what is assumed about phis, and the proof of it.
    void guess_assumptions();
    void propose(llvm::Value* value, Wide plus, llvm::Value* bound);
    void propose(const Linear& sum, Wide plus);
    void propose_phi(llvm::PHINode& phi, const Linear& sum, Wide base, Wide plus);
    [[nodiscard]] std::vector<Linear> guesses(llvm::Value* value);
    void assume(llvm::BasicBlock& block, const Linear& sum);
    [[nodiscard]] bool is_assumable(const llvm::BasicBlock& block, const Linear& sum) const;
    void verify_edges(llvm::BasicBlock& from);
    [[nodiscard]] bool holds_on_edge(Assumption& assumption, const llvm::BasicBlock& from);

    // walk.cpp
    enum class Purpose { Accesses, Assumptions };
    void enter(llvm::BasicBlock& block);
    void prove_accesses(const llvm::BasicBlock& block);
    void walk(Purpose purpose);

    llvm::Function& function_;
    const Dominators& dominators_;
    Terms terms_;
    std::uint64_t work_left_ = 0;
    std::vector<Fact> facts_;
    llvm::DenseMap<const llvm::Value*, llvm::SmallVector<unsigned, 4>> facts_of_;  // by the values of positive parts
    llvm::DenseMap<const llvm::Value*, llvm::SmallVector<Least, 1>> least_;        // number <= the value
    std::vector<const llvm::Value*> learnt_;  // to forget on leaving a block: the value of a Least, or null for a Fact
    std::vector<Open> open_;
    std::size_t open_max_ = 0;
    std::deque<Assumption> assumptions_;
    llvm::DenseMap<const llvm::BasicBlock*, llvm::SmallVector<unsigned, 4>> assumptions_of_;
    unsigned variants_max_ = 0;
    bool failed_assumption_ = false;
    llvm::DenseMap<const llvm::BasicBlock*, llvm::SmallVector<unsigned, 2>> obligations_of_;
    const std::vector<Obligation>* obligations_ = nullptr;
    std::vector<Verdict> verdicts_;
    Reason steps_;            // of the last proof that was found
    std::deque<Line> lines_;  // those of a round go with it
    std::deque<Line> shapes_;
    std::map<std::pair<llvm::Value*, unsigned>, const Line*> shape_lines_;
    std::map<std::tuple<llvm::Value*, bool, const Line*>, const Line*> exact_lines_;
    llvm::DenseMap<llvm::Value*, unsigned> zero_bits_;
};

}  // namespace tessera::safeir
