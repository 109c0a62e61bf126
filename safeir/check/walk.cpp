// FactProver's walk over the dominator tree: facts in, obligations and assumptions proven, facts out.
#include "safeir/check/facts.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kRoundsMax = 24;
constexpr std::uint64_t kWorkPerInstruction = 96;  // steps of proofs

}  // namespace

void FactProver::enter(llvm::BasicBlock& block) {
    if (const llvm::BasicBlock* from = block.getSinglePredecessor()) {
        learn_edge(*from, block);
    }
    if (const auto about = assumptions_of_.find(&block); about != assumptions_of_.end()) {
        for (const unsigned index : about->second) {
            const Linear& sum = assumptions_[index].sum;
            if (!assumptions_[index].alive) {
                continue;
            }
            if (sum.parts().size() == 1 && sum.parts().front().scale == -1) {
                add_least(sum.parts().front().value, sum.constant, &block.front());
            } else {
                add_fact(sum, &block.front());
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
        const Obligation& obligation = (*obligations_)[index];
        Verdict& verdict = verdicts_[index];
        Linear sum(Wide{obligation.constant} - (obligation.length == nullptr ? Wide{obligation.size} : Wide{0}));
        llvm::Value* variable = obligation.variable;
        verdict.proven = (variable == nullptr || (is_stable(variable) && add(sum, variable, 1))) &&
                         (obligation.length == nullptr || add(sum, obligation.length, -1)) && prove(sum, true);
        verdict.by = verdict.proven ? used_ : decltype(used_)();
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

std::vector<FactProver::Verdict> FactProver::prove_all(const std::vector<Obligation>& obligations, Work most) {
    obligations_ = &obligations;
    for (unsigned i = 0; i < obligations.size(); ++i) {
        obligations_of_[obligations[i].at->getParent()].push_back(i);
    }
    verdicts_.resize(obligations.size());
    const std::uint64_t work =
        kWorkPerInstruction * (64 + std::uint64_t{function_.getInstructionCount()}) * (most == Work::Most ? 3 : 4) / 4;
    work_left_ = work;
    walk(Purpose::Accesses);
    if (!llvm::all_of(verdicts_, [](const Verdict& verdict) { return verdict.proven; })) {
        guess_assumptions();
        failed_assumption_ = true;
        for (unsigned round = 0; failed_assumption_ && round < kRoundsMax && work_left_ != 0; ++round) {
            failed_assumption_ = false;
            walk(Purpose::Assumptions);
        }
        if (!failed_assumption_) {  // else they did not settle, and none of them counts
            work_done_ = work - work_left_;
            work_left_ = work;
            walk(Purpose::Accesses);
        }
    }
    work_done_ += work - work_left_;
    return std::move(verdicts_);
}

}  // namespace tessera::safeir
