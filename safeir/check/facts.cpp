#include "safeir/check/facts.h"

#include "safeir/check/provenance.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kFactsPerValueMax = 8;
constexpr unsigned kStepsMax = 6;  // how far expressions are followed

std::uint64_t width_max(const llvm::Value* value) {
    const unsigned bits = value->getType()->getIntegerBitWidth();
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

bool gives_slice(const llvm::Value* value) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(value);
    return call != nullptr && call->getCalledFunction() != nullptr &&
           slice_result(*call->getCalledFunction()).has_value();
}

// Of what slice_length_key gives: whether it stands for a slice's length.
bool is_slice_length(const llvm::Value* key) {
    const auto* argument = llvm::dyn_cast<llvm::Argument>(key);
    return argument != nullptr ? argument->getArgNo() > 0 &&
                                     slice_parameter(*argument->getParent(), argument->getArgNo() - 1).has_value()
                               : gives_slice(key);
}

// x + y, or nothing where it overflows 64 bits.
std::optional<std::uint64_t> add(std::uint64_t x, std::uint64_t y) {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(x, y, &sum) ? std::nullopt : std::optional(sum);
}

// value == root + constant, without overflow at any step; zero extensions are looked through.
struct Sum {
    llvm::Value* root;
    std::uint64_t constant;
};

Sum split(llvm::Value* value) {
    Sum sum{value, 0};
    for (unsigned step = 0; step < kStepsMax && sum.root != nullptr; ++step) {
        if (auto* extended = llvm::dyn_cast<llvm::ZExtInst>(sum.root)) {
            sum.root = extended->getOperand(0);
            continue;
        }
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(sum.root)) {
            if (number->getValue().getActiveBits() > 64 || !add(sum.constant, number->getZExtValue())) {
                break;
            }
            sum.constant += number->getZExtValue();
            sum.root = nullptr;
            break;
        }
        auto* addition = llvm::dyn_cast<llvm::BinaryOperator>(sum.root);
        const auto* number = addition != nullptr ? llvm::dyn_cast<llvm::ConstantInt>(addition->getOperand(1)) : nullptr;
        if (number == nullptr || addition->getOpcode() != llvm::Instruction::Add ||
            addition->getType()->getIntegerBitWidth() > 64) {
            break;
        }
        const auto most = add(unsigned_max(addition->getOperand(0)), number->getZExtValue());
        const auto constant = add(sum.constant, number->getZExtValue());
        if (!most || *most > width_max(addition) || !constant) {
            break;
        }
        sum.root = addition->getOperand(0);
        sum.constant = *constant;
    }
    return sum;
}

}  // namespace

std::uint64_t unsigned_max(const llvm::Value* value) {
    // Follows single operands only, so it is a loop; `cap` is what the steps so far leave possible.
    std::uint64_t cap = ~std::uint64_t{0};
    for (unsigned step = 0; step < kStepsMax; ++step) {
        if (!value->getType()->isIntegerTy() || value->getType()->getIntegerBitWidth() > 64) {
            return cap;
        }
        cap = std::min(cap, width_max(value));
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
            return std::min(cap, number->getZExtValue());
        }
        if (const auto* extended = llvm::dyn_cast<llvm::ZExtInst>(value)) {
            value = extended->getOperand(0);
            continue;
        }
        const auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(value);
        const auto* number = binary != nullptr ? llvm::dyn_cast<llvm::ConstantInt>(binary->getOperand(1)) : nullptr;
        if (number == nullptr) {
            return cap;
        }
        switch (binary->getOpcode()) {
        case llvm::Instruction::And:
            cap = std::min(cap, number->getZExtValue());
            value = binary->getOperand(0);
            continue;
        case llvm::Instruction::URem:
            return number->isZero() ? cap : std::min(cap, number->getZExtValue() - 1);
        case llvm::Instruction::LShr:
            return number->getValue().uge(value->getType()->getIntegerBitWidth())
                       ? cap
                       : std::min(cap, width_max(value) >> number->getZExtValue());
        case llvm::Instruction::UDiv:
            return number->isZero() ? cap : std::min(cap, width_max(value) / number->getZExtValue());
        default:
            return cap;
        }
    }
    return cap;
}

bool holds_by_range(const Obligation& obligation) {
    if (obligation.length != nullptr) {
        return false;
    }
    const std::uint64_t most = obligation.variable != nullptr ? unsigned_max(obligation.variable) : 0;
    const auto end = add(most, obligation.constant);
    return end && *end <= obligation.size;
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
            const bool from_memory =
                llvm::isa<llvm::LoadInst, llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst>(instruction);
            if (from_memory || (llvm::isa<llvm::CallInst>(instruction) && !gives_slice(&instruction))) {
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

void FactProver::add_fact(llvm::Value* value, Fact fact) {
    Facts& facts = facts_[value];
    if (facts.size() < kFactsPerValueMax) {
        facts.push_back(fact);
        learnt_.push_back(value);
    }
}

// smaller + plus <= bound, unsigned, no overflow.
void FactProver::learn_at_most(llvm::Value* smaller, std::uint64_t plus, llvm::Value* bound) {
    const Sum sum = split(smaller);
    auto constant = add(sum.constant, plus);
    if (!constant || (sum.root != nullptr && !is_stable(sum.root))) {
        return;
    }
    // The bound: a truncated or extended length is at most the length.
    for (unsigned step = 0; step < kStepsMax; ++step) {
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(bound)) {
            if (sum.root != nullptr && number->getValue().getActiveBits() <= 64) {
                add_fact(sum.root, {*constant, nullptr, number->getZExtValue()});
            }
            return;
        }
        if (llvm::isa<llvm::TruncInst>(bound) || llvm::isa<llvm::ZExtInst>(bound)) {
            bound = llvm::cast<llvm::CastInst>(bound)->getOperand(0);
            continue;
        }
        // bound == length - n, where length >= n is known: then smaller + plus + n <= length.
        auto* difference = llvm::dyn_cast<llvm::BinaryOperator>(bound);
        if (difference == nullptr) {
            break;
        }
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(difference->getOperand(1));
        if (number == nullptr) {
            break;
        }
        const bool adds_negative = difference->getOpcode() == llvm::Instruction::Add && number->isNegative();
        const llvm::APInt subtracted = adds_negative ? -number->getValue() : number->getValue();
        if ((difference->getOpcode() != llvm::Instruction::Sub && !adds_negative) || subtracted.getActiveBits() > 63) {
            break;
        }
        const std::uint64_t less = subtracted.getZExtValue();
        llvm::Value* whole = slice_length_key(difference->getOperand(0));
        constant = add(*constant, less);
        if (!known(nullptr, less, whole, 0) || !constant) {
            return;
        }
        bound = difference->getOperand(0);
    }
    // Nobody asks about other bounds.
    if (llvm::Value* length = slice_length_key(bound); is_slice_length(length)) {
        add_fact(sum.root, {*constant, length, 0});
    }
}

void FactProver::learn(llvm::Value* condition, bool is_true) {
    llvm::SmallVector<std::pair<llvm::Value*, bool>, 8> open = {{condition, is_true}};
    for (unsigned step = 0; step < 4 * kStepsMax && !open.empty(); ++step) {
        const auto [each, holds] = open.pop_back_val();
        if (auto* both = llvm::dyn_cast<llvm::BinaryOperator>(each)) {
            if (both->getOpcode() == (holds ? llvm::Instruction::And : llvm::Instruction::Or)) {
                open.push_back({both->getOperand(0), holds});
                open.push_back({both->getOperand(1), holds});
            }
            continue;
        }
        auto* compare = llvm::dyn_cast<llvm::ICmpInst>(each);
        if (compare == nullptr || !compare->getOperand(0)->getType()->isIntegerTy() ||
            compare->getOperand(0)->getType()->getIntegerBitWidth() > 64) {
            continue;
        }
        llvm::Value* left = compare->getOperand(0);
        llvm::Value* right = compare->getOperand(1);
        switch (holds ? compare->getPredicate() : compare->getInversePredicate()) {
        case llvm::CmpInst::ICMP_ULE:
            learn_at_most(left, 0, right);
            break;
        case llvm::CmpInst::ICMP_ULT:
            learn_at_most(left, 1, right);
            break;
        case llvm::CmpInst::ICMP_UGE:
            learn_at_most(right, 0, left);
            break;
        case llvm::CmpInst::ICMP_UGT:
            learn_at_most(right, 1, left);
            break;
        case llvm::CmpInst::ICMP_EQ:
            learn_at_most(left, 0, right);
            learn_at_most(right, 0, left);
            break;
        case llvm::CmpInst::ICMP_NE:
            if (const auto* zero = llvm::dyn_cast<llvm::ConstantInt>(right); zero != nullptr && zero->isZero()) {
                learn_at_most(right, 1, left);
            }
            break;
        default:
            break;
        }
    }
}

void FactProver::learn_from_entry(llvm::BasicBlock& block) {
    llvm::BasicBlock* from = block.getSinglePredecessor();
    auto* branch = from != nullptr ? llvm::dyn_cast<llvm::BranchInst>(from->getTerminator()) : nullptr;
    if (branch == nullptr || branch->isUnconditional() || branch->getSuccessor(0) == branch->getSuccessor(1)) {
        return;
    }
    learn(branch->getCondition(), branch->getSuccessor(0) == &block);
}

// Whether value + constant <= bound follows from one fact.
bool FactProver::known(llvm::Value* value, std::uint64_t constant, llvm::Value* length, std::uint64_t size) const {
    const auto facts = facts_.find(value);
    if (facts == facts_.end()) {
        return false;
    }
    return llvm::any_of(facts->second, [&](const Fact& fact) {
        if (length != nullptr) {
            return fact.length == length && constant <= fact.constant;
        }
        // value + fact.constant <= fact.size, so value + constant <= fact.size - fact.constant + constant.
        if (fact.length != nullptr || fact.size < fact.constant) {
            return false;
        }
        const auto end = add(fact.size - fact.constant, constant);
        return end && *end <= size;
    });
}

bool FactProver::holds(const Obligation& obligation) const {
    const Sum sum = obligation.variable != nullptr ? split(obligation.variable) : Sum{nullptr, 0};
    const auto constant = add(sum.constant, obligation.constant);
    if (!constant) {
        return false;
    }
    if (obligation.length != nullptr && sum.root != nullptr && *constant == 0 &&
        slice_length_key(sum.root) == obligation.length) {
        return true;  // length <= length
    }
    if (obligation.length != nullptr && sum.root == nullptr && *constant == 0) {
        return true;  // 0 <= length
    }
    return (sum.root == nullptr || is_stable(sum.root)) &&
           known(sum.root, *constant, obligation.length, obligation.size);
}

const Obligation* FactProver::first_unproven(const std::vector<Obligation>& obligations) {
    llvm::DenseMap<const llvm::BasicBlock*, llvm::SmallVector<const Obligation*, 2>> by_block;
    for (const Obligation& obligation : obligations) {
        by_block[obligation.at->getParent()].push_back(&obligation);
    }
    struct Visit {
        llvm::BasicBlock* block;
        std::size_t next_child;
        std::size_t learnt_before;
    };
    std::vector<Visit> stack;
    const auto enter = [&](llvm::BasicBlock& block) -> const Obligation* {
        stack.push_back({&block, 0, learnt_.size()});
        learn_from_entry(block);
        if (const auto open = by_block.find(&block); open != by_block.end()) {
            for (const Obligation* obligation : open->second) {
                if (!holds(*obligation)) {
                    return obligation;
                }
            }
        }
        return nullptr;
    };
    if (const Obligation* failed = enter(dominators_.root())) {
        return failed;
    }
    while (!stack.empty()) {
        Visit& visit = stack.back();
        const auto children = dominators_.children(*visit.block);
        if (visit.next_child < children.size()) {
            if (const Obligation* failed = enter(*children[visit.next_child++])) {
                return failed;
            }
            continue;
        }
        while (learnt_.size() > visit.learnt_before) {
            facts_[learnt_.pop_back_val()].pop_back();
        }
        stack.pop_back();
    }
    return nullptr;
}

}  // namespace tessera::safeir
