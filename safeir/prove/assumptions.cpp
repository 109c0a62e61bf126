// FactProver's part for loops: what is assumed about phis, and the proof of it.
//
// What to assume is guessed from what has to be proven: a bound is pushed back through the operations that a value is
// made of until it is a bound on a phi, and from there through the phi's incoming values. A guess need not be true.
#include "safeir/prove/prover.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kAssumptionsPerBlockMax = 48;
constexpr unsigned kVariantsMax = 8;  // of one sum, with other constants
constexpr unsigned kVariantsLaterMax = 4;
constexpr std::size_t kProposalsMax = 8;  // sums that one bound is pushed back to
constexpr unsigned kOtherPhisMax = 16;    // looked at for one that goes down as another goes up
constexpr unsigned kIncomingMax = 64;     // blocks with more predecessors are not assumed about

// By how much the phi goes up, or if negative down, on a way round, where that is a number; else 0.
Wide step_of(const llvm::PHINode& phi) {
    for (llvm::Value* incoming : phi.incoming_values()) {
        const Operation op = operation(incoming);
        if (op.left == &phi && op.taken() != 0) {
            return -Wide{op.taken()};
        }
        if (op.left == &phi && op.number != nullptr && op.is(llvm::Instruction::Add)) {
            return Wide{op.number->getZExtValue()};
        }
    }
    return 0;
}

llvm::PHINode* phi_of(llvm::Value* value, const llvm::BasicBlock& block) {
    auto* phi = llvm::dyn_cast<llvm::PHINode>(value);
    return phi != nullptr && phi->getParent() == &block ? phi : nullptr;
}

}  // namespace

// The block's own phis get their next values on an edge into it; all else must be the same for as long as the block is
// left and entered again.
bool FactProver::is_assumable(const llvm::BasicBlock& block, const Linear& sum) const {
    if (block.hasNPredecessorsOrMore(kIncomingMax + 1) || &block == &function_.getEntryBlock()) {
        return false;
    }
    bool is_bounded = sum.parts().size() == 1;
    for (const Part& part : sum.parts()) {
        const auto* instruction = llvm::dyn_cast<llvm::Instruction>(part.value);
        const bool is_fixed = instruction == nullptr || (instruction->getParent() != &block &&
                                                         dominators_.dominates(*instruction->getParent(), block));
        if (!is_stable(part.value) || (!is_fixed && phi_of(part.value, block) == nullptr)) {
            return false;
        }
        is_bounded = is_bounded || part.scale > 0;
    }
    return is_bounded;
}

void FactProver::assume(llvm::BasicBlock& block, const Linear& sum) {
    if (work_left_ == 0) {
        return;
    }
    --work_left_;
    auto& about = assumptions_of_[&block];
    const auto variants =
        llvm::count_if(about, [&](unsigned index) { return have_same_parts(assumptions_[index].line.sum, sum); });
    if (about.size() < kAssumptionsPerBlockMax && variants < variants_max_ && is_assumable(block, sum) &&
        llvm::none_of(about, [&](unsigned index) { return assumptions_[index].line.sum == sum; })) {
        about.push_back(static_cast<unsigned>(assumptions_.size()));
        Line line;
        line.kind = Line::Kind::Invariant;
        line.sum = sum;
        line.number = static_cast<unsigned>(assumptions_.size());
        assumptions_.push_back(Assumption{&block, line, true, llvm::DenseMap<const llvm::BasicBlock*, Reason>()});
    }
}

// As shape, and that no difference wraps: a guess.
std::vector<Linear> FactProver::guesses(llvm::Value* value) {
    const Operation op = operation(value);
    Linear exact;
    if (!add(exact, value, 1)) {
        return {};
    }
    if (op.taken() != 0) {
        if (auto* phi = llvm::dyn_cast<llvm::PHINode>(key(op.left))) {
            Linear least(op.taken());
            if (least.add(phi, -1)) {
                assume(*phi->getParent(), least);
            }
        }
        return add(exact, op.left, -1) && exact.add(op.taken()) ? std::vector{exact} : std::vector<Linear>();
    }
    if (op.is(llvm::Instruction::Sub)) {
        return add(exact, op.left, -1) && add(exact, op.right, 1) ? std::vector{exact} : std::vector<Linear>();
    }
    std::vector<Linear> sums;
    for (const Fact& fact : shape(value)) {
        sums.push_back(fact.sum);
    }
    return sums;
}

// Somebody asks whether value + plus <= bound.
void FactProver::propose(llvm::Value* value, Wide plus, llvm::Value* bound) {
    if (is_stable(value) && is_stable(bound)) {
        Linear values;
        (void)values.add(key(value), 1);
        (void)values.add(key(bound), 1);
        plus = rounded_up(plus, zero_bits(values));
        propose(difference(value, plus, bound), plus);
    }
}

void FactProver::propose(const Linear& sum, Wide plus) {
    const Wide base = sum.constant - plus;
    llvm::SmallVector<Linear, 8> open = {sum};
    for (std::size_t at = 0; at < open.size(); ++at) {
        const Linear here = open[at];
        for (const Part& part : here.parts()) {
            if (part.scale <= 0) {
                continue;
            }
            const auto push = [&](const Linear& guess) {
                const std::int64_t scale = scale_of(guess, part.value);
                Linear next = here;
                if (open.size() < kProposalsMax && scale > 0 && part.scale % scale == 0 &&
                    next.add(guess, -(part.scale / scale))) {
                    open.push_back(next);
                }
            };
            if (auto* phi = llvm::dyn_cast<llvm::PHINode>(part.value)) {
                propose_phi(*phi, here, base, plus);
                // What is assumed of it, it may be replaced by: `phi < length` leaves something to assume of length.
                for (const unsigned index : assumptions_of_.lookup(phi->getParent())) {
                    if (assumptions_[index].line.sum.parts().size() == 2) {
                        push(assumptions_[index].line.sum);
                    }
                }
                continue;
            }
            for (const Linear& guess : guesses(part.value)) {
                push(guess);
            }
        }
    }
}

// The sum, which has the phi, as it stands; as if the phi were the value that was asked about, which is its next; with
// what an access adds left away, as it holds when a loop ends; and with another phi, which goes down as this one goes
// up.
void FactProver::propose_phi(llvm::PHINode& phi, const Linear& sum, Wide base, Wide plus) {
    llvm::BasicBlock& block = *phi.getParent();
    if (block.hasNPredecessorsOrMore(kIncomingMax + 1)) {
        return;
    }
    assume(block, sum);
    Linear ended = sum;
    ended.constant = base + plus;
    assume(block, ended);
    ended.constant = base;
    assume(block, ended);
    const Wide up = step_of(phi);
    unsigned looked_at = 0;
    for (llvm::PHINode& other : block.phis()) {
        if (up <= 0 || ++looked_at > kOtherPhisMax) {
            break;
        }
        const Wide down = is_number(&other) ? -step_of(other) : Wide{0};
        if (down <= 0 || up % down != 0) {
            continue;
        }
        Linear least(down);
        Linear both = ended;
        if (least.add(&other, -1) && both.add(&other, scale_of(sum, &phi) * (up / down))) {
            assume(block, least);
            assume(block, both);
        }
    }
}

void FactProver::guess_assumptions() {
    variants_max_ = kVariantsMax;
    for (llvm::BasicBlock& block : function_) {
        for (llvm::Instruction& instruction : block) {
            auto* compare = llvm::dyn_cast<llvm::ICmpInst>(&instruction);
            if (compare == nullptr || !is_number(compare->getOperand(0))) {
                continue;
            }
            propose(compare->getOperand(0), 1, compare->getOperand(1));
            propose(compare->getOperand(1), 1, compare->getOperand(0));
            for (llvm::Value* operand : compare->operands()) {
                if (const Operation op = operation(key(operand)); op.is(llvm::Instruction::Sub)) {
                    propose(op.right, 1, op.left);
                }
            }
        }
    }
    for (const Obligation& obligation : *obligations_) {
        Linear sum(Wide{obligation.constant});
        Wide plus = sum.constant;
        if (obligation.variable == nullptr || !is_stable(obligation.variable) || !add(sum, obligation.variable, 1)) {
            continue;
        }
        if (obligation.length != nullptr ? add(sum, obligation.length, -1) : sum.add(-Wide{obligation.size})) {
            propose(sum, plus);
        }
    }
    // A phi's values may be made of other phis. (If of itself, nothing new about it is wanted.)
    variants_max_ = kVariantsLaterMax;
    const std::size_t first = assumptions_.size();
    for (std::size_t at = 0; at < assumptions_.size() && at < 4 * first; ++at) {
        llvm::BasicBlock* block = assumptions_[at].block;
        const Linear here = assumptions_[at].line.sum;
        for (llvm::BasicBlock* from : llvm::predecessors(block)) {
            Linear sum(here.constant);
            const bool fits = llvm::all_of(here.parts(), [&](const Part& part) {
                llvm::PHINode* phi = phi_of(part.value, *block);
                return add(sum, phi != nullptr ? phi->getIncomingValueForBlock(from) : part.value, part.scale);
            });
            if (!fits || sum.parts().empty()) {
                continue;
            }
            if (auto* phi = llvm::dyn_cast<llvm::PHINode>(sum.parts().front().value);
                phi != nullptr && sum.parts().size() == 1 && sum.parts().front().scale < 0) {
                assume(*phi->getParent(), sum);
            }
            propose(sum, 0);
        }
    }
}

bool FactProver::holds_on_edge(Assumption& assumption, const llvm::BasicBlock& from) {
    Linear sum(assumption.line.sum.constant);
    Reason split_steps;
    for (const Part& part : assumption.line.sum.parts()) {
        llvm::PHINode* phi = phi_of(part.value, *assumption.block);
        llvm::Value* value = phi != nullptr ? phi->getIncomingValueForBlock(&from) : part.value;
        if (part.scale > 0) {
            if (!add(sum, value, part.scale)) {
                return false;
            }
            continue;
        }
        // Nothing says how small a value is at least but what it is made of.
        Linear pieces;
        for (const Step& step : split(value, pieces)) {
            split_steps.push_back({step.line, step.times * part.scale});
        }
        if (!is_stable(value) || !sum.add(pieces, part.scale)) {
            return false;
        }
    }
    if (!prove(sum)) {
        return false;
    }
    split_steps.append(steps_.begin(), steps_.end());
    assumption.proofs[&from] = split_steps;
    return true;
}

void FactProver::verify_edges(llvm::BasicBlock& from) {
    for (llvm::BasicBlock* to : llvm::successors(&from)) {
        const auto about = assumptions_of_.find(to);
        if (about == assumptions_of_.end()) {
            continue;
        }
        const std::size_t learnt_before = learnt_.size();
        learn_edge(from, {to, true});
        for (const unsigned index : about->second) {
            Assumption& assumption = assumptions_[index];
            if (assumption.alive && !holds_on_edge(assumption, from)) {
                assumption.alive = false;
                failed_assumption_ = true;
            }
        }
        forget(learnt_before);
    }
}

}  // namespace tessera::safeir
