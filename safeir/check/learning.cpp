// FactProver's part for branches: what the condition of an edge says.
#include "safeir/check/facts.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kCasesMax = 32;  // of a switch, to be searched for each of its arms

}  // namespace

void FactProver::add_fact(const Linear& sum, const llvm::Instruction* from) {
    const auto index = static_cast<unsigned>(facts_.size());
    bool is_noted = false;
    for (const Part& part : sum.parts()) {
        if (part.scale <= 0) {
            continue;
        }
        if (!any_known(part.value, [&](const Fact& known) { return known.sum == sum; })) {
            facts_of_[part.value].push_back(index);
            is_noted = true;
        }
    }
    if (is_noted) {
        facts_.push_back({sum, from});
        learnt_.push_back(nullptr);
    }
}

void FactProver::forget(std::size_t learnt_before) {
    while (learnt_.size() > learnt_before) {
        if (const llvm::Value* value = learnt_.back()) {
            least_[value].pop_back();
        } else {
            const auto index = static_cast<unsigned>(facts_.size() - 1);
            for (const Part& part : facts_.back().sum.parts()) {
                if (auto& known = facts_of_[part.value]; !known.empty() && known.back() == index) {
                    known.pop_back();
                }
            }
            facts_.pop_back();
        }
        learnt_.pop_back();
    }
}

// least <= value, and what follows for what the value is made of.
void FactProver::add_least(llvm::Value* value, Wide least, const llvm::Instruction* from) {
    for (unsigned step = 0; step < kStepsMax && !llvm::isa<llvm::ConstantInt>(value); ++step) {
        least = rounded_up(least, zero_bits(value));
        if (least <= 0 || least > Linear::kConstantMax) {  // more than any number: nobody gets here
            return;
        }
        if (least > at_least(value)) {
            least_[value].push_back({least, from});
            learnt_.push_back(value);
        }
        // Where the value is at most one other, that one is at least as much.
        const Facts known = shape(value);
        if (known.empty()) {
            return;
        }
        Linear rest = known.front().sum;
        const std::int64_t scale = rest.scale_of(value);
        llvm::Value* bound = nullptr;
        for (const Part& part : known.front().sum.parts()) {
            if (part.scale == -1 && bound == nullptr) {
                bound = part.value;
            } else if (part.scale < 0) {
                return;
            }
        }
        if (bound == nullptr || !rest.add(value, -scale) || !rest.add(scale * least)) {
            return;
        }
        add_fact(rest, from);
        least = rest.constant;
        for (const Part& part : rest.parts()) {
            least += part.scale > 0 ? part.scale * at_least(part.value) : Wide{0};
        }
        value = bound;
    }
}

// smaller + plus <= bound, unsigned, no overflow.
void FactProver::learn_at_most(llvm::Value* smaller, Wide plus, llvm::Value* bound, const llvm::Instruction* from) {
    if (!is_stable(smaller) || !is_stable(bound)) {
        return;
    }
    plus = rounded_up(plus, std::min(zero_bits(smaller), zero_bits(bound)));
    const Linear plain = difference(smaller, plus, bound);
    Linear lower = split(smaller);
    Wide least = lower.constant + plus;
    for (const Part& part : lower.parts()) {
        least += part.scale * (part.scale > 0 ? at_least(part.value) : Wide{unsigned_max(part.value)});
    }
    add_least(key(bound), least, from);
    add_fact(plain, from);
    // With both in parts, each of the parts that the bound is less by is bounded, too.
    const Linear upper = split(bound);
    const bool is_difference = llvm::any_of(upper.parts(), [](const Part& part) { return part.scale < 0; });
    if (lower.add(plus) && (is_difference ? lower.add(upper, -1) : add(lower, bound, -1)) && !(lower == plain)) {
        add_fact(lower, from);
        // Where nothing positive is left of it (38 - i), nobody will look for it: in one step it's still about x.
        const bool is_lost = llvm::none_of(lower.parts(), [](const Part& part) { return part.scale > 0; });
        if (Linear step; is_lost && unfold(smaller, step) && step.add(plus) && add(step, bound, -1)) {
            add_fact(step, from);
        }
    }
}

// A difference says something once it's known not to wrap, and so does a sum as a bound: proven here, and kept.
void FactProver::note_exact(llvm::Value* value) {
    for (unsigned step = 0; step < kStepsMax && is_stable(value); ++step) {
        value = key(value);
        const Operation op = operation(value);
        if (op.binary == nullptr) {
            return;
        }
        if (op.is(llvm::Instruction::Sub) && op.number == nullptr) {
            if (const Linear known = difference(op.right, 0, op.left); prove(known)) {
                add_fact(known, used_.empty() ? nullptr : used_.front());
            }
        } else if (op.is(llvm::Instruction::Add)) {
            if (Linear sum = split(value); sum.scale_of(value) == 0 && sum.add(value, -1)) {
                add_fact(sum, nullptr);
            }
        } else if (op.is(llvm::Instruction::LShr) || op.is(llvm::Instruction::UDiv)) {
            Linear rest(1 - op.factor());  // of the division
            if (op.factor() != 0 && add(rest, op.left, 1) && rest.add(value, -op.factor())) {
                add_fact(rest, nullptr);
            }
        }
        value = op.left;
    }
}

void FactProver::learn_compare(llvm::ICmpInst& compare,
                               llvm::CmpInst::Predicate predicate,
                               const llvm::Instruction* from) {
    llvm::Value* left = compare.getOperand(0);
    llvm::Value* right = compare.getOperand(1);
    if (!is_number(left) || !is_stable(left) || !is_stable(right)) {
        return;
    }
    note_exact(left);
    note_exact(right);
    if (llvm::CmpInst::isSigned(predicate)) {
        const std::uint64_t most = width_max(left) >> 1;
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(right);
        const bool not_negative =
            number != nullptr && ((predicate == llvm::CmpInst::ICMP_SGT && number->isMinusOne()) ||
                                  (predicate == llvm::CmpInst::ICMP_SGE && number->isZero()));
        Linear sums[2];
        (void)add(sums[0], left, 1);
        (void)add(sums[1], right, 1);
        if (not_negative) {
            if (sums[0].add(-Wide{most})) {
                add_fact(sums[0], from);
            }
            return;
        }
        if (!is_at_most(sums[0], most) || !is_at_most(sums[1], most)) {
            return;
        }
        predicate = llvm::ICmpInst::getUnsignedPredicate(predicate);
    }
    switch (predicate) {
    case llvm::CmpInst::ICMP_ULE:
        return learn_at_most(left, 0, right, from);
    case llvm::CmpInst::ICMP_ULT:
        return learn_at_most(left, 1, right, from);
    case llvm::CmpInst::ICMP_UGE:
        return learn_at_most(right, 0, left, from);
    case llvm::CmpInst::ICMP_UGT:
        return learn_at_most(right, 1, left, from);
    case llvm::CmpInst::ICMP_EQ:
        learn_at_most(left, 0, right, from);
        return learn_at_most(right, 0, left, from);
    case llvm::CmpInst::ICMP_NE:
        // At most and not equal is less. (Nothing is less than zero.)
        if (prove(difference(left, 0, right))) {
            learn_at_most(left, 1, right, from);
        } else if (prove(difference(right, 0, left))) {
            learn_at_most(right, 1, left, from);
        }
        return;
    default:
        return;
    }
}

void FactProver::learn(llvm::Value* condition, bool is_true, const llvm::Instruction* from) {
    llvm::SmallVector<std::pair<llvm::Value*, bool>, 8> open = {{condition, is_true}};
    llvm::SmallVector<std::pair<llvm::ICmpInst*, llvm::CmpInst::Predicate>, 4> compares;
    for (unsigned step = 0; step < 4 * kStepsMax && !open.empty(); ++step) {
        const auto [each, holds] = open.pop_back_val();
        if (auto* both = llvm::dyn_cast<llvm::BinaryOperator>(each)) {
            if (both->getOpcode() == (holds ? llvm::Instruction::And : llvm::Instruction::Or)) {
                open.push_back({both->getOperand(0), holds});
                open.push_back({both->getOperand(1), holds});
            }
        } else if (auto* choice = llvm::dyn_cast<llvm::SelectInst>(each)) {
            // `a ? b : false` is a and b, `a ? true : b` is a or b.
            const auto* fixed = llvm::dyn_cast<llvm::ConstantInt>(choice->getOperand(holds ? 2 : 1));
            if (fixed != nullptr && fixed->isOne() != holds) {
                open.push_back({choice->getCondition(), holds});
                open.push_back({choice->getOperand(holds ? 1 : 2), holds});
            }
        } else if (auto* compare = llvm::dyn_cast<llvm::ICmpInst>(each)) {
            compares.emplace_back(compare, holds ? compare->getPredicate() : compare->getInversePredicate());
        }
    }
    // What one says may be what another needs, so several are taken twice.
    for (std::size_t round = 0; round < std::min<std::size_t>(2, compares.size()); ++round) {
        for (const auto& [compare, predicate] : llvm::reverse(compares)) {
            learn_compare(*compare, predicate, from);
        }
    }
}

void FactProver::learn_edge(const llvm::BasicBlock& from, const llvm::BasicBlock& to) {
    const llvm::Instruction* end = from.getTerminator();
    if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(end)) {
        if (branch->isConditional() && branch->getSuccessor(0) != branch->getSuccessor(1)) {
            learn(branch->getCondition(), branch->getSuccessor(0) == &to, branch);
        }
    } else if (const auto* choice = llvm::dyn_cast<llvm::SwitchInst>(end);
               choice != nullptr && choice->getNumCases() <= kCasesMax && is_number(choice->getCondition())) {
        if (llvm::ConstantInt* number =
                const_cast<llvm::SwitchInst*>(choice)->findCaseDest(const_cast<llvm::BasicBlock*>(&to))) {
            learn_at_most(choice->getCondition(), 0, number, choice);
            learn_at_most(number, 0, choice->getCondition(), choice);
        }
    }
}

}  // namespace tessera::safeir
