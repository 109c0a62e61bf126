#include "safeir/prove/prover.h"

#include "safeir/prove/zero_bits.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

#include <bit>

namespace tessera::safeir {
namespace {

// Sums of one search: for an access, and for what only may help to prove one.
constexpr std::size_t kOpenMax = 192;
constexpr std::size_t kOpenOfHelpMax = 48;
constexpr std::size_t kFactsPerValueMax = 12;  // of the nearest ones, and of the first

}  // namespace

FactProver::FactProver(llvm::Function& function, const Dominators& dominators)
    : function_(function), dominators_(dominators), terms_(function) {}

Wide FactProver::at_least(const llvm::Value* key) const {
    const auto known = least_.find(key);
    return known != least_.end() && !known->second.empty() ? known->second.back().number : Wide{0};
}

// smaller + plus - bound
Linear FactProver::difference(llvm::Value* smaller, Wide plus, llvm::Value* bound) const {
    Linear sum(plus);
    return add(sum, smaller, 1) && add(sum, bound, -1) ? sum : Linear(Linear::kConstantMax);
}

unsigned FactProver::zero_bits(const Linear& sum) {
    unsigned least = sum.parts().empty() ? 0 : 64;
    for (const Part& part : sum.parts()) {
        const auto [known, is_new] = zero_bits_.try_emplace(part.value, 0);
        if (is_new) {
            const auto claims = claims_of(part.value);
            known->second = claims.empty() ? 0 : claims.front().second;
        }
        least = std::min(
            least, known->second + static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(part.scale))));
    }
    return least;
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

// Whether the goal is plain from one fact that has the value, and by which line.
bool FactProver::is_plain(const Linear& goal, const llvm::Value* about, const Line*& proof) {
    const auto ends = [&](const Linear& rest, Reason steps) {
        if (!is_evident(rest)) {
            return false;
        }
        if (!safeir::is_evident(rest)) {
            add_leasts(rest, 1, steps);
        }
        proof = line_for(goal, steps);
        return proof != nullptr || safeir::is_evident(goal);
    };
    if (ends(goal, {})) {
        return true;
    }
    Reason why;
    Linear rest;
    return any_known(about,
                     [&](const Fact& fact) {
                         rest = goal;
                         why = fact.why;
                         return rest.add(fact.sum, -1) && is_evident(rest);
                     }) &&
           ends(rest, why);
}

// What the value's own operation says of it.
FactProver::Facts FactProver::shape(llvm::Value* value) {
    Facts facts;
    const Operation op = operation(value);
    const bool is_difference = op.is(llvm::Instruction::Sub);
    if (is_difference || (op.is(llvm::Instruction::Add) && op.taken() != 0 && op.taken() <= at_least(key(op.left)))) {
        const auto exact = terms_.exact(value, !is_difference);
        const Line* premise = nullptr;
        if (exact && is_plain(exact->premise, key(is_difference ? op.right : op.left), premise)) {
            const Line* line = exact_line(value, !is_difference, premise);
            facts.push_back({line->sum, {{line, 1}}});
        }
        return facts;
    }
    const bool is_quotient = op.is(llvm::Instruction::LShr) || op.is(llvm::Instruction::UDiv);
    for (unsigned number = 0; number < (is_quotient ? 1U : 2U); ++number) {
        if (const Line* line = shape_line(value, number)) {
            facts.push_back({line->sum, {{line, 1}}});
        }
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
    open_.push_back({sum, hash_of_parts(sum), 0, {}, 1, 1});
    bool is_found = is_evident(sum);
    for (std::size_t at = 0; at < open_.size() && !is_found; ++at) {
        is_found = expand(at);
    }
    return is_found && note_steps(open_.size() - 1) && follows(sum, steps_);
}

bool FactProver::prove(const Linear& sum, const Line*& proof) {
    if (!prove(sum)) {
        return false;
    }
    proof = line_for(sum, steps_);
    return proof != nullptr || safeir::is_evident(sum);
}

// Whether one of the sums that are reached from it is evident: the last.
bool FactProver::expand(std::size_t at) {
    const Linear here = open_[at].sum;
    for (const Part& part : here.parts()) {
        if (part.scale <= 0) {
            continue;
        }
        // Disjoint bits of one number are together at most the number.
        for (const Part& other : here.parts()) {
            if (part.scale != other.scale || !operation(part.value).is(llvm::Instruction::And)) {
                continue;
            }
            const Line* both = together_line(part.value, other.value);
            if (both != nullptr && reach(here, 1, {both->sum, {{both, 1}}}, part.scale, at)) {
                return true;
            }
        }
        const auto take = [&](const Fact& fact) {
            const std::int64_t scale = scale_of(fact.sum, part.value);
            if (scale > part.scale && scale % part.scale == 0) {
                // Integers: x <= 0 where many * x < many.
                const std::int64_t many = scale / part.scale;
                Linear times(1 - many);
                return times.add(here, many) && reach(times, many, fact, 1, at);
            }
            return scale > 0 && part.scale % scale == 0 && reach(here, 1, fact, part.scale / scale, at);
        };
        if (any_known(part.value, take) || llvm::any_of(shape(part.value), take)) {
            return true;
        }
    }
    return false;
}

// To prove `from` it is enough to prove what is left of it without so many times a fact. True if that is evident.
bool FactProver::reach(
    const Linear& from, std::int64_t many, const Fact& fact, std::int64_t times, std::size_t parent) {
    if (work_left_ == 0 || open_.size() >= open_max_) {
        return false;
    }
    --work_left_;
    Linear rest = from;
    if (!rest.add(fact.sum, -Wide{times}) || extreme(rest, -1) > 0) {
        return false;
    }
    const std::uint64_t hash = hash_of_parts(rest);
    if (llvm::any_of(open_, [&](const Open& known) {
            return known.hash == hash && known.sum.constant <= rest.constant && have_same_parts(known.sum, rest);
        })) {
        return false;
    }
    open_.push_back({rest, hash, parent, fact.why, times, many});
    return is_evident(rest);
}

// The way to the sum that was evident, as steps.
bool FactProver::note_steps(std::size_t at) {
    llvm::SmallVector<std::size_t, 16> way;
    for (std::size_t by = at; by != 0; by = open_[by].parent) {
        way.push_back(by);
    }
    steps_.clear();
    for (const std::size_t by : llvm::reverse(way)) {
        if (open_[by].many != 1) {
            steps_.push_back({nullptr, open_[by].many});
        }
        for (const Step& step : open_[by].why) {
            std::int64_t times = 0;
            if (__builtin_mul_overflow(step.times, open_[by].times, &times)) {
                return false;
            }
            steps_.push_back({step.line, times});
        }
    }
    if (!safeir::is_evident(open_[at].sum)) {
        add_leasts(open_[at].sum, 1, steps_);
    }
    return true;
}

// The line that says what the value equals, by one step into its operation, where that does not wrap.
const Line* FactProver::unfold(llvm::Value* value) {
    const Operation op = operation(value);
    const Line* premise = nullptr;
    if (op.is(llvm::Instruction::Add) && op.taken() != 0 && at_least(key(op.left)) >= op.taken()) {
        const auto exact = terms_.exact(value, true);
        return exact && is_plain(exact->premise, key(op.left), premise) ? exact_line(value, true, premise) : nullptr;
    }
    const auto exact = terms_.exact(value, false);
    if (!exact) {
        return nullptr;
    }
    const bool holds = op.is(llvm::Instruction::Sub) ? is_plain(exact->premise, key(op.right), premise)
                                                     : prove(exact->premise, premise);
    return holds ? exact_line(value, false, premise) : nullptr;
}

// The value as a sum that it equals, which is the value less so many times what is given: lines that are zero.
Reason FactProver::split(llvm::Value* value, Linear& sum) {
    Reason lines;
    sum = Linear();
    (void)add(sum, value, 1);
    for (unsigned step = 0; step < kStepsMax; ++step) {
        bool is_changed = false;
        for (const Part& part : sum.parts()) {
            Linear next = sum;
            const Line* line = unfold(part.value);
            if (line != nullptr && next.add(line->sum, -part.scale)) {
                lines.push_back({line, part.scale});
                sum = next;
                is_changed = true;
                break;
            }
        }
        if (!is_changed) {
            break;
        }
    }
    return lines;
}

}  // namespace tessera::safeir
