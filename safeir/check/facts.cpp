#include "safeir/check/facts.h"

#include "safeir/check/provenance.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {
namespace {

// Sums of one search: for an access, and for what only may help to prove one.
constexpr std::size_t kOpenMax = 192;
constexpr std::size_t kOpenOfHelpMax = 48;
constexpr std::size_t kFactsPerValueMax = 12;  // of the nearest ones, and of the first

}  // namespace

bool holds_by_range(const Obligation& obligation) {
    if (obligation.length != nullptr) {
        return false;
    }
    const std::uint64_t most = obligation.variable != nullptr ? unsigned_max(obligation.variable) : 0;
    return Wide{most} + Wide{obligation.constant} <= Wide{obligation.size};
}

FactProver::FactProver(llvm::Function& function, const Dominators& dominators)
    : function_(function), dominators_(dominators) {
    find_unstable_values();
}

// A plain load that races gives LLVM's undef, of which each use may differ: a check on it says nothing about a later
// access. So are arguments and results of calls, which may be such a load. `freeze` pins a value. What is computed from
// an unstable value is unstable. A slice's length is the kernel's, and stable.
void FactProver::find_unstable_values() {
    llvm::SmallVector<const llvm::Value*, 32> worklist;
    const auto mark = [&](const llvm::Value* value) {
        if (unstable_.insert(value).second) {
            worklist.push_back(value);
        }
    };
    for (const llvm::Argument& argument : llvm::drop_begin(function_.args())) {
        if (!is_slice_length(&argument)) {
            mark(&argument);
        }
    }
    for (const llvm::BasicBlock& block : function_) {
        for (const llvm::Instruction& instruction : block) {
            // A conversion that is out of range is as undecided, until it's frozen.
            const bool undecided = llvm::
                isa<llvm::LoadInst, llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst, llvm::FPToUIInst, llvm::FPToSIInst>(
                    instruction);
            if (undecided || (llvm::isa<llvm::CallInst>(instruction) && !llvm::isa<llvm::IntrinsicInst>(instruction) &&
                              !gives_slice(&instruction))) {
                mark(&instruction);
            }
        }
    }
    while (!worklist.empty()) {
        const llvm::Value* value = worklist.pop_back_val();
        for (const llvm::User* user : value->users()) {
            if (!llvm::isa<llvm::FreezeInst>(user) && llvm::isa<llvm::Instruction>(user) && !gives_slice(user)) {
                mark(user);
            }
        }
    }
}

// One name for values that are the same number: extended, frozen though stable, or a length that lost no bits.
llvm::Value* FactProver::key(llvm::Value* value) const {
    for (unsigned step = 0; step < kStepsMax; ++step) {
        auto* cast = llvm::dyn_cast<llvm::Instruction>(value);
        if (cast == nullptr || cast->getNumOperands() != 1) {
            break;
        }
        llvm::Value* from = cast->getOperand(0);
        const bool same =
            llvm::isa<llvm::ZExtInst>(cast) || (llvm::isa<llvm::FreezeInst>(cast) && is_stable(from)) ||
            (llvm::isa<llvm::TruncInst>(cast) && is_number(from) && unsigned_max(from) <= width_max(cast));
        if (!same) {
            break;
        }
        value = from;
    }
    return slice_length_key(value);
}

Wide FactProver::at_least(const llvm::Value* key) const {
    const auto known = least_.find(key);
    return known != least_.end() && !known->second.empty() ? known->second.back().number : Wide{0};
}

// smaller + plus - bound
Linear FactProver::difference(llvm::Value* smaller, Wide plus, llvm::Value* bound) const {
    Linear sum(plus);
    return add(sum, smaller, 1) && add(sum, bound, -1) ? sum : Linear(Linear::kConstantMax);
}

// What was learnt last is nearest, like the check right before an access; what was learnt first holds longest.
bool FactProver::any_known(const llvm::Value* value, llvm::function_ref<bool(const Fact&)> take) const {
    const auto known = facts_of_.find(value);
    if (known == facts_of_.end()) {
        return false;
    }
    const llvm::ArrayRef<unsigned> all = known->second;
    const auto near = all.take_back(kFactsPerValueMax);
    const auto first = all.drop_back(near.size()).take_front(kFactsPerValueMax);
    const auto is_taken = [&](unsigned index) { return take(facts_[index]); };
    return llvm::any_of(llvm::reverse(near), is_taken) || llvm::any_of(llvm::reverse(first), is_taken);
}

// Of `left - right`: whether right <= left is plain from one fact.
bool FactProver::is_subtracted_exactly(const Operation& op) const {
    const Linear wanted = difference(op.right, 0, op.left);
    if (is_evident(wanted)) {
        return true;
    }
    return any_known(key(op.right), [&](const Fact& fact) {
        Linear rest = wanted;
        return rest.add(fact.sum, -1) && is_evident(rest);
    });
}

// What the value's own operation says of it. A sum or product that wraps is less than the sum or product.
FactProver::Facts FactProver::shape(llvm::Value* value) const {
    Facts facts;
    const auto say = [&](std::initializer_list<Part> others, Wide constant = 0, Wide scale = 1) {
        Fact fact{Linear(constant)};
        if (add(fact.sum, value, scale) &&
            llvm::all_of(others, [&](const Part& part) { return add(fact.sum, part.value, part.scale); })) {
            facts.push_back(fact);
        }
    };
    if (auto* cut = llvm::dyn_cast<llvm::TruncInst>(value); cut != nullptr && is_number(cut->getOperand(0))) {
        say({{cut->getOperand(0), -1}});
    }
    if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(value); call != nullptr && is_number(call)) {
        const bool least = call->getIntrinsicID() == llvm::Intrinsic::umin;
        if (least || call->getIntrinsicID() == llvm::Intrinsic::usub_sat) {
            say({{call->getArgOperand(0), -1}});
        }
        if (least) {
            say({{call->getArgOperand(1), -1}});
        }
    }
    const Operation op = operation(value);
    if (op.binary == nullptr) {
        return facts;
    }
    const Wide taken = op.taken();
    switch (op.binary->getOpcode()) {
    case llvm::Instruction::Add:
        if (taken != 0 && taken <= at_least(key(op.left))) {
            say({{op.left, -1}}, taken);
            break;
        }
        [[fallthrough]];
    case llvm::Instruction::Or:
        say({{op.left, -1}, {op.right, -1}});
        break;
    case llvm::Instruction::Sub:
        if (is_subtracted_exactly(op)) {
            say({{op.left, -1}, {op.right, 1}});
        }
        break;
    case llvm::Instruction::Mul:
    case llvm::Instruction::Shl:
        if (op.factor() != 0 && op.factor() <= Linear::kScaleMax) {
            say({{op.left, -static_cast<std::int64_t>(op.factor())}});
        }
        break;
    case llvm::Instruction::LShr:
    case llvm::Instruction::UDiv:
        if (op.factor() != 0) {
            say({{op.left, -1}}, 0, op.factor());
        }
        break;
    case llvm::Instruction::URem:
        say({{op.left, -1}});
        say({{op.right, -1}}, 1);
        break;
    case llvm::Instruction::And:
        say({{op.left, -1}});
        say({{op.right, -1}});
        break;
    default:
        break;
    }
    return facts;
}

// How large the sum can be, or with `sign` -1 how small, by ranges alone.
Wide FactProver::extreme(const Linear& sum, Wide sign) const {
    Wide number = sum.constant;
    for (const Part& part : sum.parts()) {
        number += part.scale * (sign * part.scale > 0 ? Wide{unsigned_max(part.value)} : at_least(part.value));
    }
    return number;
}

bool FactProver::prove(const Linear& sum, bool is_obligation) {
    if (work_left_ == 0) {
        return false;
    }
    --work_left_;
    open_.clear();
    open_max_ = is_obligation ? kOpenMax : kOpenOfHelpMax;
    open_.push_back({sum, sum.hash_of_parts(), 0, nullptr});
    bool is_found = is_evident(sum);
    for (std::size_t at = 0; at < open_.size() && !is_found; ++at) {
        is_found = expand(at);
    }
    if (is_found) {
        note_used(open_.size() - 1);
    }
    return is_found;
}

// Whether one of the sums that are reached from it is evident: the last.
bool FactProver::expand(std::size_t at) {
    const Linear here = open_[at].sum;
    for (const Part& part : here.parts()) {
        if (part.scale <= 0) {
            continue;
        }
        // Disjoint bits of one number are together at most the number.
        const Operation low = operation(part.value);
        for (const Part& other : here.parts()) {
            const Operation high = operation(other.value);
            if (low.is(llvm::Instruction::And) && high.is(llvm::Instruction::And) && low.number != nullptr &&
                high.number != nullptr && part.scale == other.scale && key(low.left) == key(high.left) &&
                (low.number->getZExtValue() & high.number->getZExtValue()) == 0) {
                Linear both;
                if (both.add(part.value, 1) && both.add(other.value, 1) && add(both, low.left, -1) &&
                    reach(here, both, part.scale, at, nullptr)) {
                    return true;
                }
            }
        }
        const auto take = [&](const Fact& fact) {
            const std::int64_t scale = fact.sum.scale_of(part.value);
            if (scale > part.scale && scale % part.scale == 0) {
                // Integers: x <= 0 where many * x < many.
                const std::int64_t many = scale / part.scale;
                Linear times(1 - many);
                return times.add(here, many) && reach(times, fact.sum, 1, at, fact.from);
            }
            return scale > 0 && part.scale % scale == 0 && reach(here, fact.sum, part.scale / scale, at, fact.from);
        };
        if (any_known(part.value, take) || llvm::any_of(shape(part.value), take)) {
            return true;
        }
    }
    return false;
}

// To prove `from` it is enough to prove what is left of it without so many times a fact. True if that is evident.
bool FactProver::reach(
    const Linear& from, const Linear& fact, Wide times, std::size_t parent, const llvm::Instruction* by) {
    if (work_left_ == 0 || open_.size() >= open_max_) {
        return false;
    }
    --work_left_;
    Linear rest = from;
    if (!rest.add(fact, -times) || extreme(rest, -1) > 0) {
        return false;
    }
    const std::uint64_t hash = rest.hash_of_parts();
    if (llvm::any_of(open_, [&](const Open& known) {
            return known.hash == hash && known.sum.constant <= rest.constant && known.sum.has_parts_of(rest);
        })) {
        return false;
    }
    open_.push_back({rest, hash, parent, by});
    return is_evident(rest);
}

void FactProver::note_used(std::size_t at) {
    used_.clear();
    const auto note = [&](const llvm::Instruction* from) {
        if (from != nullptr && !llvm::is_contained(used_, from)) {
            used_.push_back(from);
        }
    };
    for (std::size_t by = at; by != 0; by = open_[by].parent) {
        note(open_[by].from);
    }
    for (const Part& part : open_[at].sum.parts()) {
        if (const auto least = least_.find(part.value);
            part.scale < 0 && least != least_.end() && !least->second.empty()) {
            note(least->second.back().from);
        }
    }
}

bool FactProver::is_at_most(const Linear& sum, Wide most) {
    Linear rest = sum;
    return rest.add(-most) && prove(rest);
}

// What the value equals, by one step into its operation, where that does not wrap.
bool FactProver::unfold(llvm::Value* value, Linear& sum) {
    if (auto* cut = llvm::dyn_cast<llvm::TruncInst>(value); cut != nullptr && is_number(cut->getOperand(0))) {
        return add(sum, cut->getOperand(0), 1) && is_at_most(sum, width_max(value));
    }
    const Operation op = operation(value);
    if (op.taken() != 0 && at_least(key(op.left)) >= op.taken()) {
        return add(sum, op.left, 1) && sum.add(-Wide{op.taken()});
    }
    if (op.is(llvm::Instruction::Sub)) {
        return is_subtracted_exactly(op) && add(sum, op.left, 1) && add(sum, op.right, -1);
    }
    if (op.is(llvm::Instruction::Add)) {
        return add(sum, op.left, 1) && add(sum, op.right, 1) && is_at_most(sum, width_max(value));
    }
    if (op.is(llvm::Instruction::Mul) || op.is(llvm::Instruction::Shl)) {
        return op.factor() != 0 && add(sum, op.left, op.factor()) && is_at_most(sum, width_max(value));
    }
    return false;
}

// The value as a sum that it equals.
Linear FactProver::split(llvm::Value* value) {
    Linear whole;
    (void)add(whole, value, 1);
    for (unsigned step = 0; step < kStepsMax; ++step) {
        bool changed = false;
        for (const Part& part : whole.parts()) {
            Linear inner;
            Linear next = whole;
            if (unfold(part.value, inner) && next.add(part.value, -part.scale) && next.add(inner, part.scale)) {
                whole = next;
                changed = true;
                break;
            }
        }
        if (!changed) {
            break;
        }
    }
    return whole;
}

}  // namespace tessera::safeir
