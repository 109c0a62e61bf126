// FactProver's walk over the dominator tree: facts in, obligations and assumptions proven, facts out.
#include "safeir/prove/prover.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kRoundsMax = 24;
constexpr std::uint64_t kWorkPerInstruction = 96;  // steps of proofs

}  // namespace

void FactProver::enter(llvm::BasicBlock& block) {
    if (const llvm::BasicBlock* from = block.getSinglePredecessor()) {
        learn_edge(*from, {&block, false});
    }
    if (const auto about = assumptions_of_.find(&block); about != assumptions_of_.end()) {
        for (const unsigned index : about->second) {
            const Line& line = assumptions_[index].line;
            if (!assumptions_[index].alive) {
                continue;
            }
            const Fact fact{line.sum, {{&line, 1}}};
            if (line.sum.parts().size() == 1 && line.sum.parts().front().scale == -1) {
                add_least(line.sum.parts().front().value, fact);
            } else {
                add_fact(fact);
            }
        }
    }
}

void FactProver::prove_accesses(const llvm::BasicBlock& block) {
    const auto open = obligations_of_.find(&block);
    if (open == obligations_of_.end()) {
        return;
    }
    for (const unsigned index : open->second) {
        Verdict& verdict = verdicts_[index];
        const std::optional<Linear> goal = terms_.goal((*obligations_)[index]);
        verdict.proven = goal && prove(*goal, true);
        verdict.steps = verdict.proven ? steps_ : Reason();
    }
}

void FactProver::walk(Purpose purpose) {
    const auto visit_block = [&](llvm::BasicBlock& block) {
        enter(block);
        purpose == Purpose::Accesses ? prove_accesses(block) : verify_edges(block);
    };
    struct Visit {
        llvm::BasicBlock* block;
        std::size_t next_child;
        std::size_t learnt_before;
    };
    std::vector<Visit> stack;
    stack.push_back({&dominators_.root(), 0, 0});
    visit_block(dominators_.root());
    while (!stack.empty()) {
        Visit& visit = stack.back();
        const auto children = dominators_.children(*visit.block);
        if (visit.next_child < children.size()) {
            llvm::BasicBlock* child = children[visit.next_child++];
            stack.push_back({child, 0, learnt_.size()});
            visit_block(*child);
            continue;
        }
        forget(visit.learnt_before);
        stack.pop_back();
    }
}

const std::vector<FactProver::Verdict>& FactProver::prove_all(const std::vector<Obligation>& obligations, Work most) {
    obligations_ = &obligations;
    for (unsigned i = 0; i < obligations.size(); ++i) {
        obligations_of_[obligations[i].at->getParent()].push_back(i);
    }
    verdicts_.resize(obligations.size());
    const std::uint64_t work =
        kWorkPerInstruction * (64 + std::uint64_t{function_.getInstructionCount()}) * (most == Work::Most ? 3 : 4) / 4;
    work_left_ = work;
    walk(Purpose::Accesses);
    if (llvm::all_of(verdicts_, [](const Verdict& verdict) { return verdict.proven; })) {
        return verdicts_;
    }
    const std::size_t kept = lines_.size();
    guess_assumptions();
    failed_assumption_ = true;
    for (unsigned round = 0; failed_assumption_ && round < kRoundsMax && work_left_ != 0; ++round) {
        lines_.resize(kept);
        exact_lines_.clear();
        failed_assumption_ = false;
        walk(Purpose::Assumptions);
    }
    if (!failed_assumption_) {  // else they did not settle, and none of them counts
        work_left_ = work;
        walk(Purpose::Accesses);
    }
    return verdicts_;
}

}  // namespace tessera::safeir
