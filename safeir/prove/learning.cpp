// FactProver's part for branches: what the condition of an edge says.
#include "safeir/prove/prover.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kCasesMax = 32;  // of a switch, to be searched for each of its arms

}  // namespace

void FactProver::add_fact(Fact fact) {
    const auto index = static_cast<unsigned>(facts_.size());
    bool is_noted = false;
    for (const Part& part : fact.sum.parts()) {
        if (part.scale <= 0) {
            continue;
        }
        if (!any_known(part.value, [&](const Fact& known) { return known.sum == fact.sum; })) {
            facts_of_[part.value].push_back(index);
            is_noted = true;
        }
    }
    if (is_noted) {
        facts_.push_back(std::move(fact));
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

// From a fact that has the value once, taken away: how large the value is at least, and what follows for what it is
// made of.
void FactProver::add_least(llvm::Value* value, Fact fact) {
    for (unsigned step = 0; step < kStepsMax && !llvm::isa<llvm::ConstantInt>(value); ++step) {
        Linear rest = fact.sum;
        if (scale_of(fact.sum, value) != -1 || !rest.add(value, 1)) {
            return;
        }
        Linear stated;
        (void)stated.add(value, -1);
        // extreme(.., -1) takes what is added as small, and what is taken away as large as it can be.
        const Wide least = rounded_up(extreme(rest, -1), zero_bits(stated));
        if (least <= 0 || least > Linear::kConstantMax ||
            !stated.add(least)) {  // more than any number: nobody gets here
            return;
        }
        Linear negative;
        if (!negative.add(rest, -1)) {
            return;
        }
        add_leasts(negative, 1, fact.why);
        const Line* line = line_for(stated, fact.why);
        if (line == nullptr) {
            return;
        }
        if (least > at_least(value)) {
            least_[value].push_back({least, line});
            learnt_.push_back(value);
        }
        // Where the value is at most one other, that one is at least as much.
        const Facts known = shape(value);
        if (known.empty()) {
            return;
        }
        fact = known.front();
        const std::int64_t scale = scale_of(fact.sum, value);
        llvm::Value* bound = nullptr;
        for (const Part& part : fact.sum.parts()) {
            if (part.scale == -1 && bound == nullptr) {
                bound = part.value;
            } else if (part.scale < 0) {
                return;
            }
        }
        if (bound == nullptr || scale <= 0 || !fact.sum.add(stated, scale)) {
            return;
        }
        fact.why.push_back({line, scale});
        add_fact(fact);
        value = bound;
    }
}

// smaller is at most bound, by a line that says so.
void FactProver::learn_at_most(llvm::Value* smaller, llvm::Value* bound, Step edge) {
    Fact plain{Linear(), {edge}};
    if (!plain.sum.add(edge.line->sum, edge.times)) {
        return;
    }
    const auto replace = [](Fact& fact, const Reason& lines, std::int64_t scale) {
        return llvm::all_of(lines, [&](const Step& step) {
            fact.why.push_back({step.line, step.times * scale});
            return fact.sum.add(step.line->sum, Wide{step.times} * scale);
        });
    };
    Linear unused;
    Fact lower = plain;
    const bool has_lower = replace(lower, split(smaller, unused), -1);
    add_least(key(bound), has_lower ? lower : plain);
    add_fact(plain);
    // With both in parts, each of the parts that the bound is less by is bounded, too.
    Linear upper;
    const Reason upper_lines = split(bound, upper);
    const bool is_difference = llvm::any_of(upper.parts(), [](const Part& part) { return part.scale < 0; });
    if (has_lower && (!is_difference || replace(lower, upper_lines, 1)) && !(lower.sum == plain.sum)) {
        add_fact(lower);
        // Where nothing positive is left of it (38 - i), nobody will look for it: in one step it's still about x.
        const bool is_lost = llvm::none_of(lower.sum.parts(), [](const Part& part) { return part.scale > 0; });
        if (const Line* line = is_lost ? unfold(smaller) : nullptr; line != nullptr) {
            Fact step = plain;
            if (replace(step, {{line, 1}}, -1)) {
                add_fact(step);
            }
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
            const Line* proof = nullptr;
            if (const Linear known = difference(op.right, 0, op.left); prove(known, proof)) {
                add_fact({known, proof != nullptr ? Reason{{proof, 1}} : Reason{}});
            }
        } else if (op.is(llvm::Instruction::Add)) {
            Fact fact;
            const Reason lines = split(value, fact.sum);
            for (const Step& line : lines) {
                fact.why.push_back({line.line, -line.times});
            }
            if (scale_of(fact.sum, value) == 0 && fact.sum.add(value, -1)) {
                add_fact(fact);
            }
        } else if (op.is(llvm::Instruction::LShr) || op.is(llvm::Instruction::UDiv)) {
            if (const Line* line = shape_line(value, 1)) {  // the rest of the division
                add_fact({line->sum, {{line, 1}}});
            }
        }
        value = op.left;
    }
}

void FactProver::learn_compare(const Condition& condition, Arrival arrival) {
    llvm::Value* left = condition.compare->getOperand(0);
    llvm::Value* right = condition.compare->getOperand(1);
    if (!is_number(left) || !is_stable(left) || !is_stable(right)) {
        return;
    }
    note_exact(left);
    note_exact(right);
    Line line;
    line.kind = Line::Kind::Edge;
    line.to = arrival.to;
    line.is_at_hand = arrival.is_at_hand;
    line.path = condition.path;
    llvm::CmpInst::Predicate predicate = condition.predicate;
    if (llvm::CmpInst::isSigned(predicate)) {
        const Wide most = width_max(left) >> 1U;
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(right);
        Linear sums[2] = {Linear(-most), Linear(-most)};
        if (!add(sums[0], left, 1) || !add(sums[1], right, 1)) {
            return;
        }
        if (number != nullptr && ((predicate == llvm::CmpInst::ICMP_SGT && number->isMinusOne()) ||
                                  (predicate == llvm::CmpInst::ICMP_SGE && number->isZero()))) {
            line.sum = sums[0];
            const Line* kept = keep(line);
            return add_fact({kept->sum, {{kept, 1}}});
        }
        line.premises = {nullptr, nullptr};
        if (!prove(sums[0], line.premises[0]) || !prove(sums[1], line.premises[1])) {
            return;
        }
        predicate = llvm::ICmpInst::getUnsignedPredicate(predicate);
    }
    if (predicate == llvm::CmpInst::ICMP_NE) {
        // At most and not equal is less. (Nothing is less than zero.)
        line.premises = {nullptr};
        if (!prove(difference(left, 0, right), line.premises[0])) {
            line.is_reversed = true;
            if (!prove(difference(right, 0, left), line.premises[0])) {
                return;
            }
        }
    }
    if (line.is_reversed || predicate == llvm::CmpInst::ICMP_UGE || predicate == llvm::CmpInst::ICMP_UGT) {
        std::swap(left, right);
    }
    line.is_zero = predicate == llvm::CmpInst::ICMP_EQ;
    const bool is_at_most =
        line.is_zero || predicate == llvm::CmpInst::ICMP_ULE || predicate == llvm::CmpInst::ICMP_UGE;
    line.sum = difference(left, is_at_most ? 0 : 1, right);
    if (!line.is_zero) {
        const Wide rounded = rounded_up(line.sum.constant, zero_bits(line.sum));
        line.is_rounded = rounded != line.sum.constant;
        line.sum.constant = rounded;
    }
    const Line* kept = keep(line);
    learn_at_most(left, right, {kept, 1});
    if (kept->is_zero) {
        learn_at_most(right, left, {kept, -1});
    }
}

void FactProver::learn(llvm::Value* condition, bool is_true, Arrival arrival) {
    struct Node {
        llvm::Value* value;
        bool holds;
        std::uint64_t path;
        unsigned depth;
    };
    llvm::SmallVector<Node, 8> open = {{condition, is_true, 0, 0}};
    llvm::SmallVector<Condition, 4> compares;
    for (unsigned step = 0; step < 4 * kStepsMax && !open.empty(); ++step) {
        const Node node = open.pop_back_val();
        const auto push = [&](llvm::Value* first, llvm::Value* second) {
            open.push_back({first, node.holds, node.path, node.depth + 1});
            open.push_back({second, node.holds, node.path | std::uint64_t{1} << node.depth, node.depth + 1});
        };
        if (auto* both = llvm::dyn_cast<llvm::BinaryOperator>(node.value)) {
            if (both->getOpcode() == (node.holds ? llvm::Instruction::And : llvm::Instruction::Or)) {
                push(both->getOperand(0), both->getOperand(1));
            }
        } else if (auto* choice = llvm::dyn_cast<llvm::SelectInst>(node.value)) {
            // `a ? b : false` is a and b, `a ? true : b` is a or b.
            const auto* fixed = llvm::dyn_cast<llvm::ConstantInt>(choice->getOperand(node.holds ? 2 : 1));
            if (fixed != nullptr && fixed->isOne() != node.holds) {
                push(choice->getCondition(), choice->getOperand(node.holds ? 1 : 2));
            }
        } else if (auto* compare = llvm::dyn_cast<llvm::ICmpInst>(node.value)) {
            compares.push_back(
                {compare, node.holds ? compare->getPredicate() : compare->getInversePredicate(), node.path});
        }
    }
    // What one says may be what another needs, so several are taken twice.
    for (std::size_t round = 0; round < std::min<std::size_t>(2, compares.size()); ++round) {
        for (const Condition& each : llvm::reverse(compares)) {
            learn_compare(each, arrival);
        }
    }
}

void FactProver::learn_edge(const llvm::BasicBlock& from, Arrival arrival) {
    const llvm::Instruction* end = from.getTerminator();
    if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(end)) {
        if (branch->isConditional() && branch->getSuccessor(0) != branch->getSuccessor(1)) {
            learn(branch->getCondition(), branch->getSuccessor(0) == arrival.to, arrival);
        }
    } else if (const auto* choice = llvm::dyn_cast<llvm::SwitchInst>(end);
               choice != nullptr && choice->getNumCases() <= kCasesMax && is_number(choice->getCondition())) {
        llvm::ConstantInt* number =
            const_cast<llvm::SwitchInst*>(choice)->findCaseDest(const_cast<llvm::BasicBlock*>(arrival.to));
        Line line;
        line.kind = Line::Kind::Edge;
        line.is_zero = true;
        if (number == nullptr || !add(line.sum, choice->getCondition(), 1) || !add(line.sum, number, -1)) {
            return;
        }
        line.to = arrival.to;
        line.is_at_hand = arrival.is_at_hand;
        const Line* kept = keep(line);
        learn_at_most(choice->getCondition(), number, {kept, 1});
        learn_at_most(number, choice->getCondition(), {kept, -1});
    }
}

}  // namespace tessera::safeir
