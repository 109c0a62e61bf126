#include "safeir/check/proof_checker.h"

#include "safeir/wire/proof.h"

#include "llvm/IR/CFG.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

constexpr unsigned kCasesMax = 32;  // of a switch, to be searched for the one that leads to a block

std::int64_t signed_of(std::uint64_t zigzag) {
    return static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
}

llvm::PHINode* phi_of(llvm::Value* value, const llvm::BasicBlock& block) {
    auto* phi = llvm::dyn_cast<llvm::PHINode>(value);
    return phi != nullptr && phi->getParent() == &block ? phi : nullptr;
}

}  // namespace

ProofChecker::ProofChecker(llvm::Function& function,
                           const BlockTree& tree,
                           std::span<const std::byte> proof,
                           Refuse refuse)
    : function_(function), tree_(tree), in_(proof), refuse_(refuse), terms_(function) {}

bool ProofChecker::check(const std::vector<Obligation>& obligations) {
    if (in_.remaining() == 0 && !obligations.empty()) {
        return refuse(obligations.front().rule, obligations.front().at);
    }
    number_values();
    if (!read_multiples() || !read_invariants()) {
        return false;
    }
    for (const Obligation& obligation : obligations) {
        const Linear never(1);  // of what is not pinned nothing is known
        if (!prove(terms_.goal(obligation).value_or(never), obligation.at, obligation.rule)) {
            return false;
        }
    }
    for (std::size_t at = 0; at < invariants_.size();) {
        std::size_t end = at;
        while (end < invariants_.size() && invariants_[end].block == invariants_[at].block) {
            ++end;
        }
        if (!check_edges(std::span(invariants_).subspan(at, end - at))) {
            return false;
        }
        at = end;
    }
    return in_.remaining() == 0 || refuse("bytes follow the last one");
}

// ---- what is named ----

void ProofChecker::number_values() {
    for (llvm::Argument& argument : function_.args()) {
        values_.push_back(&argument);
    }
    for (llvm::BasicBlock& block : function_) {
        blocks_.push_back(&block);
        for (llvm::Instruction& instruction : block) {
            values_.push_back(&instruction);
        }
    }
}

// By the distance from what was named last. `count` or more: there is none.
std::uint64_t ProofChecker::read_delta(std::uint64_t& last, std::size_t count) {
    const std::uint64_t number = last + static_cast<std::uint64_t>(signed_of(in_.varint()));
    last = number < count ? number : last;
    return number;
}

llvm::Value* ProofChecker::read_value() {
    const std::uint64_t number = read_delta(last_value_, values_.size());
    return number < values_.size() ? values_[number] : nullptr;
}

bool ProofChecker::read_sum(Linear& sum) {
    const std::uint64_t parts = in_.varint();
    for (std::uint64_t i = 0; i < parts && !in_.failed(); ++i) {
        llvm::Value* value = read_value();
        const std::int64_t scale = signed_of(in_.varint());
        if (value == nullptr || scale == 0 || !terms_.add(sum, value, scale)) {
            return refuse("a sum has a part that is no pinned number, or too many parts");
        }
    }
    const std::int64_t high = signed_of(in_.varint());
    const std::int64_t low = signed_of(in_.varint());
    return sum.add((Wide{high} << 32U) + low) && !in_.failed() ? true
                                                               : refuse("a sum is cut off, or its number too large");
}

bool ProofChecker::read_multiples() {
    const std::uint32_t count = in_.count(~0U);
    for (std::uint32_t i = 0; i < count; ++i) {
        const llvm::Value* value = read_value();
        if (value == nullptr || !is_number(value) || !multiples_.claim(value, in_.byte())) {
            return refuse("a multiple is no number, or is claimed twice");
        }
    }
    return multiples_.all_hold() || refuse("a value is not the multiple that is claimed");
}

// A block's own phis get their next values on an edge into it; all else must be the same for as long as the block is
// left and entered again. The function's first block is entered by no edge.
bool ProofChecker::read_invariants() {
    const std::uint32_t count = in_.count(~0U);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t number = read_delta(last_block_, blocks_.size());
        Linear sum;
        if (number >= blocks_.size() || number == 0) {
            return refuse("an invariant is of no block, or of the first");
        }
        if (!read_sum(sum)) {
            return false;
        }
        llvm::BasicBlock& block = *blocks_[number];
        for (const Part& part : sum.parts()) {
            const auto* instruction = llvm::dyn_cast<llvm::Instruction>(part.value);
            const bool is_fixed = instruction == nullptr || (instruction->getParent() != &block &&
                                                             tree_.dominates(*instruction->getParent(), block));
            if (!is_fixed && phi_of(part.value, block) == nullptr) {
                return refuse("an invariant is about a value that is neither fixed nor a phi of its block",
                              &block.front());
            }
        }
        invariants_.push_back({&block, facts_.size()});
        facts_.push_back({sum, false, &block.front()});
    }
    return !in_.failed() || refuse("it is cut off");
}

// ---- goals ----

bool ProofChecker::dominates(const llvm::Instruction* above, const llvm::Instruction* below) const {
    return above->getParent() == below->getParent() ? above == below || above->comesBefore(below)
                                                    : tree_.dominates(*above->getParent(), *below->getParent());
}

// The one of two places that lies behind the other.
bool ProofChecker::narrow(const llvm::Instruction*& place, const llvm::Instruction* other) {
    if (other == nullptr || (place != nullptr && dominates(other, place))) {
        return true;
    }
    if (place != nullptr && !dominates(place, other)) {
        return refuse("facts of two places of which neither lies behind the other", other);
    }
    place = other;
    return true;
}

const ProofChecker::Fact* ProofChecker::fact_back(std::uint64_t distance) const {
    return distance != 0 && distance <= facts_.size() ? &facts_[facts_.size() - distance] : nullptr;
}

bool ProofChecker::take_steps(Linear& sum, unsigned count, const llvm::Instruction*& place) {
    for (unsigned i = 0; i < count; ++i) {
        const std::uint64_t step = in_.varint();
        const std::int64_t times = (step & 1U) != 0 ? signed_of(in_.varint()) : 1;
        if (in_.failed()) {
            return refuse("it is cut off");
        }
        if (step >> 1U == 0) {
            // Integers: x <= 0 where many * x < many.
            Linear many(1 - Wide{times});
            if (times < 1 || !many.add(sum, times)) {
                return refuse("a sum is taken a number of times that is not possible");
            }
            sum = many;
            continue;
        }
        const Fact* fact = fact_back(step >> 1U);
        if (fact == nullptr) {
            return refuse("a step takes a fact that is not there");
        }
        if (times == 0 || (times < 0 && !fact->is_zero)) {
            return refuse("a fact that is at most zero is taken less than once");
        }
        if (!sum.add(fact->sum, -Wide{times})) {
            return refuse("a sum grows too large");
        }
        if (!narrow(place, fact->place)) {
            return false;
        }
    }
    return true;
}

// Lines, up to the one that closes the goal.
bool ProofChecker::prove(Linear goal, const llvm::Instruction* at, Rule rule) {
    for (;;) {
        const std::uint8_t first = in_.byte();
        const unsigned small = first >> 3U != wire::kSmallNumbers ? first >> 3U : in_.varint32();
        if (in_.failed()) {
            return refuse("it is cut off", at);
        }
        if ((first & 7U) != wire::kGoal) {
            if (!read_line(first & 7U, small)) {
                return false;
            }
            continue;
        }
        const llvm::Instruction* place = nullptr;
        if (!take_steps(goal, small, place)) {
            return false;
        }
        if (place != nullptr && !dominates(place, at)) {
            return refuse("a fact is taken where it does not hold", at);
        }
        return is_evident(goal) || refuse(rule, at);
    }
}

// The sum as it is when the edge has been taken: the block's phis have the values that come in over it.
std::optional<Linear> ProofChecker::sum_on_edge(const Linear& sum, unsigned edge) const {
    Linear next(sum.constant);
    for (const Part& part : sum.parts()) {
        llvm::Value* value = part.value;
        if (const llvm::PHINode* phi = phi_of(value, *edge_.to)) {
            if (phi->getIncomingBlock(edge) != edge_.from) {
                return std::nullopt;
            }
            value = phi->getIncomingValue(edge);
        }
        if (!terms_.add(next, value, part.scale)) {
            return std::nullopt;
        }
    }
    return next;
}

bool ProofChecker::check_edges(std::span<const Invariant> invariants) {
    llvm::BasicBlock& block = *invariants.front().block;
    llvm::SmallVector<llvm::BasicBlock*, 8> edges;
    if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&block.front())) {
        edges.append(phi->block_begin(), phi->block_end());
    } else {
        llvm::append_range(edges, llvm::predecessors(&block));
    }
    for (unsigned i = 0; i < edges.size(); ++i) {
        edge_ = {edges[i], &block};
        const llvm::Instruction* end = edges[i]->getTerminator();
        const std::size_t facts_before = facts_.size();
        for (const Invariant& invariant : invariants) {
            const std::optional<Linear> goal = sum_on_edge(facts_[invariant.fact].sum, i);
            if (!goal) {
                return refuse("an invariant's phi has no pinned number for an edge, or its edges in another order",
                              &block.front());
            }
            if (!prove(*goal, end, Rule::Proof)) {
                return false;
            }
        }
        facts_.resize(facts_before);  // what holds on this edge alone may be among them
    }
    edge_ = {};
    return true;
}

// ---- lines ----

bool ProofChecker::read_line(unsigned op, unsigned small) {
    switch (op) {
    case wire::kState:
        return read_state(small);
    case wire::kShape:
        return read_shape(small);
    case wire::kExact:
        return read_exact(small != 0);
    case wire::kEdge:
        return read_edge(small);
    case wire::kTogether:
        return read_together();
    default:
        return refuse("a line of no known kind");
    }
}

// Multiples of a number that are at most another number are at most its next lower multiple.
Linear ProofChecker::rounded(Linear sum) const {
    sum.constant = rounded_up(sum.constant, multiples_.zero_bits(sum));
    return sum;
}

bool ProofChecker::read_state(unsigned steps) {
    Fact fact;
    if (!read_sum(fact.sum)) {
        return false;
    }
    // Of numbers that are apart by a unit, the one that is at most zero is found within less than a unit above it.
    Linear rest = fact.sum;
    const Wide unit = Wide{1} << multiples_.zero_bits(rest);
    rest.constant -= (rest.constant - 1) & (unit - 1);
    if (!take_steps(rest, steps, fact.place)) {
        return false;
    }
    facts_.push_back(fact);
    return is_evident(rest) || refuse("a sum that is stated does not follow from its steps", fact.place);
}

bool ProofChecker::read_shape(unsigned number) {
    llvm::Value* value = read_value();
    auto* instruction = llvm::dyn_cast_or_null<llvm::Instruction>(value);
    const auto sum = instruction != nullptr ? terms_.shape(value, number) : std::nullopt;
    if (!sum) {
        return refuse("an operation that says nothing of its value");
    }
    facts_.push_back({*sum, false, instruction});
    return true;
}

bool ProofChecker::read_exact(bool is_down) {
    llvm::Value* value = read_value();
    auto* instruction = llvm::dyn_cast_or_null<llvm::Instruction>(value);
    const auto exact = instruction != nullptr ? terms_.exact(value, is_down) : std::nullopt;
    if (!exact) {
        return refuse("an operation that can't be taken as exact");
    }
    Fact fact{exact->zero, true, instruction};
    if (!take_premise(exact->premise, fact.place)) {
        return false;
    }
    facts_.push_back(fact);
    return true;
}

bool ProofChecker::take_premise(Linear premise, const llvm::Instruction*& place) {
    const std::uint64_t distance = in_.varint();
    if (distance != 0) {
        const Fact* fact = fact_back(distance);
        if (fact == nullptr || !premise.add(fact->sum, -1)) {
            return refuse("a premise takes a fact that is not there or too large");
        }
        if (!narrow(place, fact->place)) {
            return false;
        }
    }
    return is_evident(premise) || refuse("a premise does not follow from its fact", place);
}

bool ProofChecker::read_together() {
    auto* some = llvm::dyn_cast_or_null<llvm::Instruction>(read_value());
    auto* others = llvm::dyn_cast_or_null<llvm::Instruction>(read_value());
    const auto sum = some != nullptr && others != nullptr ? terms_.together(some, others) : std::nullopt;
    if (!sum) {
        return refuse("two values that are not apart as bits of one number");
    }
    const llvm::Instruction* place = some;
    if (!narrow(place, others)) {
        return false;
    }
    facts_.push_back({*sum, false, place});
    return true;
}

// ---- what conditions say ----

// One compare of a condition that is several: both of an `and`, each of an `or` that fails, also as `select`.
ProofChecker::Condition ProofChecker::condition_of(llvm::Value* value, bool holds, std::uint64_t path) const {
    for (unsigned step = 0; step < 64; ++step, path >>= 1U) {
        const bool is_second = (path & 1U) != 0;
        if (auto* compare = llvm::dyn_cast<llvm::ICmpInst>(value)) {
            return {compare, holds};
        }
        if (auto* both = llvm::dyn_cast<llvm::BinaryOperator>(value);
            both != nullptr && both->getOpcode() == (holds ? llvm::Instruction::And : llvm::Instruction::Or)) {
            value = both->getOperand(is_second ? 1 : 0);
        } else if (auto* choice = llvm::dyn_cast<llvm::SelectInst>(value)) {
            // `a ? b : false` is a and b, `a ? true : b` is a or b.
            const auto* fixed = llvm::dyn_cast<llvm::ConstantInt>(choice->getOperand(holds ? 2 : 1));
            if (fixed == nullptr || fixed->isOne() == holds) {
                return {};
            }
            value = is_second ? choice->getOperand(holds ? 1 : 2) : choice->getCondition();
        } else {
            return {};
        }
    }
    return {};
}

bool ProofChecker::read_edge(unsigned flags) {
    Edge edge = edge_;
    Fact fact;
    if ((flags & wire::kEdgeAtHand) == 0) {
        const std::uint64_t number = read_delta(last_block_, blocks_.size());
        edge.to = number < blocks_.size() ? blocks_[number] : nullptr;
        edge.from = edge.to != nullptr ? edge.to->getSinglePredecessor() : nullptr;
        fact.place = edge.to != nullptr ? &edge.to->front() : nullptr;
    } else {
        fact.place = edge.from != nullptr ? edge.from->getTerminator() : nullptr;
    }
    const std::uint64_t path = (flags & wire::kEdgeHasPath) != 0 ? in_.varint() : 0;
    if (edge.from == nullptr) {
        return refuse("a condition of a block that has not one way in", fact.place);
    }
    llvm::Instruction* end = edge.from->getTerminator();
    if (auto* choice = llvm::dyn_cast<llvm::SwitchInst>(end)) {
        llvm::ConstantInt* number = choice->getNumCases() <= kCasesMax ? choice->findCaseDest(edge.to) : nullptr;
        fact.is_zero = true;
        if (number == nullptr || !terms_.add(fact.sum, choice->getCondition(), 1) ||
            !terms_.add(fact.sum, number, -1)) {
            return refuse("a switch that says nothing of a pinned number", end);
        }
        facts_.push_back(fact);
        return true;
    }
    auto* branch = llvm::dyn_cast<llvm::BranchInst>(end);
    const bool decides =
        branch != nullptr && branch->isConditional() && branch->getSuccessor(0) != branch->getSuccessor(1);
    const Condition condition =
        decides ? condition_of(branch->getCondition(), branch->getSuccessor(0) == edge.to, path) : Condition{};
    if (condition.compare == nullptr) {
        return refuse("an edge without the condition that is named", end);
    }
    return read_compare(condition, (flags & wire::kEdgeReversed) != 0, fact);
}

bool ProofChecker::read_compare(Condition condition, bool is_reversed, Fact& fact) {
    llvm::Value* left = condition.compare->getOperand(0);
    llvm::Value* right = condition.compare->getOperand(1);
    llvm::CmpInst::Predicate predicate =
        condition.holds ? condition.compare->getPredicate() : condition.compare->getInversePredicate();
    if (!is_number(left) || !terms_.is_stable(left) || !terms_.is_stable(right)) {
        return refuse("a condition about what is no pinned number", condition.compare);
    }
    if (llvm::CmpInst::isSigned(predicate)) {
        const Wide most = width_max(left) >> 1U;
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(right);
        Linear sums[2] = {Linear(-most), Linear(-most)};
        (void)terms_.add(sums[0], left, 1);
        (void)terms_.add(sums[1], right, 1);
        if (number != nullptr && ((predicate == llvm::CmpInst::ICMP_SGT && number->isMinusOne()) ||
                                  (predicate == llvm::CmpInst::ICMP_SGE && number->isZero()))) {
            fact.sum = sums[0];
            facts_.push_back(fact);
            return true;
        }
        // Below half the range both orders are the same.
        if (!take_premise(sums[0], fact.place) || !take_premise(sums[1], fact.place)) {
            return false;
        }
        predicate = llvm::ICmpInst::getUnsignedPredicate(predicate);
    }
    const bool is_unequal = predicate == llvm::CmpInst::ICMP_NE;
    if (predicate == llvm::CmpInst::ICMP_UGE || predicate == llvm::CmpInst::ICMP_UGT || (is_unequal && is_reversed)) {
        std::swap(left, right);
    }
    (void)terms_.add(fact.sum, left, 1);
    (void)terms_.add(fact.sum, right, -1);
    // At most and not equal is less.
    if (is_unequal && !take_premise(fact.sum, fact.place)) {
        return false;
    }
    fact.is_zero = predicate == llvm::CmpInst::ICMP_EQ;
    if (is_unequal || predicate == llvm::CmpInst::ICMP_ULT || predicate == llvm::CmpInst::ICMP_UGT) {
        fact.sum.constant += 1;
    }
    if (!fact.is_zero) {
        fact.sum = rounded(fact.sum);
    }
    facts_.push_back(fact);
    return true;
}

}  // namespace tessera::safeir
