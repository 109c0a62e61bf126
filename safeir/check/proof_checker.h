// Verifies the proof that travels with a function: that its accesses stay inside their bounds.
//
// A fact is a sum of numbers that is at most zero, or is zero: values are read as unsigned, and nothing wraps. It has a
// place, and holds wherever each way leads through that place, of the values as they were computed last. A proof is a
// list of lines. Each line makes a fact out of what the program says, or by steps: a multiple of a fact that is there
// is subtracted from what is to be at most zero, until ranges alone decide it. Invariants of blocks are facts from the
// start, and owe a proof for each edge into their block.
// Nothing is searched for: each line is one look at what it names, so the work is in proportion to the bytes.
#pragma once

#include "safeir/check/block_tree.h"
#include "safeir/check/multiples.h"
#include "safeir/check/terms.h"
#include "safeir/diag/enforcement.h"
#include "safeir/wire/byte_reader.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

class ProofChecker {
  public:
    using Refuse = llvm::function_ref<bool(Rule, const llvm::Instruction*, const std::string&, Site)>;

    ProofChecker(llvm::Function& function, const BlockTree& tree, std::span<const std::byte> proof, Refuse refuse);
    // False: refused. The obligations are of reachable blocks.
    [[nodiscard]] bool check(const std::vector<Obligation>& obligations);

  private:
    struct Fact {
        Linear sum;
        bool is_zero = false;                      // else at most zero
        const llvm::Instruction* place = nullptr;  // holds behind it; null: everywhere
    };
    struct Invariant {
        llvm::BasicBlock* block;
        std::size_t fact;
    };
    struct Edge {
        llvm::BasicBlock* from = nullptr;
        llvm::BasicBlock* to = nullptr;
    };
    struct Condition {
        llvm::ICmpInst* compare = nullptr;
        bool holds = false;
    };

    void number_values();
    bool read_multiples();
    bool read_invariants();
    bool check_edges(std::span<const Invariant> invariants);
    [[nodiscard]] std::optional<Linear> sum_on_edge(const Linear& sum, unsigned edge) const;
    bool prove(Linear goal, const llvm::Instruction* at, Rule rule);
    bool read_line(unsigned op, unsigned small);
    bool read_state(unsigned steps);
    bool read_shape(unsigned number);
    bool read_exact(bool is_down);
    bool read_edge(unsigned flags);
    bool read_compare(Condition condition, bool is_reversed, Fact& fact);
    bool read_together();
    bool take_premise(Linear premise, const llvm::Instruction*& place);
    bool take_steps(Linear& sum, unsigned count, const llvm::Instruction*& place);
    [[nodiscard]] const Fact* fact_back(std::uint64_t distance) const;
    bool narrow(const llvm::Instruction*& place, const llvm::Instruction* other);
    [[nodiscard]] Condition condition_of(llvm::Value* value, bool holds, std::uint64_t path) const;

    std::uint64_t read_delta(std::uint64_t& last, std::size_t count);
    llvm::Value* read_value();
    bool read_sum(Linear& sum);
    [[nodiscard]] bool dominates(const llvm::Instruction* above, const llvm::Instruction* below) const;
    [[nodiscard]] Linear rounded(Linear sum) const;
    bool refuse(const std::string& what, const llvm::Instruction* at = nullptr, Site site = Site::current()) {
        return refuse_(Rule::Proof, at, what, site);
    }
    bool refuse(Rule rule, const llvm::Instruction* at, Site site = Site::current()) {
        return refuse_(rule, at, rule == Rule::Proof ? "an invariant does not hold on an edge from here" : "", site);
    }

    llvm::Function& function_;
    const BlockTree& tree_;
    ByteReader in_;
    Refuse refuse_;
    Terms terms_;
    Multiples multiples_;
    std::vector<llvm::Value*> values_;  // by number: parameters, then all instructions in their order
    std::vector<llvm::BasicBlock*> blocks_;
    std::uint64_t last_value_ = 0;
    std::uint64_t last_block_ = 0;
    std::vector<Invariant> invariants_;
    std::deque<Fact> facts_;
    Edge edge_;  // that is being proven, if any
};

}  // namespace tessera::safeir
