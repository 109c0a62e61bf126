#include "safeir/lower/slice/slice_proofs.h"

#include "safeir/check/range.h"
#include "safeir/prove/dominators.h"
#include "safeir/prove/provenance.h"
#include "safeir/prove/prover.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

#include <algorithm>

namespace tessera::lower {
namespace {

constexpr std::size_t kComparedMax = 128;
constexpr std::uint32_t kNearby = 1U << 20U;
constexpr std::uint64_t kSafeToAddTo = std::uint64_t{1} << 62U;
constexpr unsigned kRoundsMax = 8;  // of inserting checks that may make others needless

// ---- pinning: a value that two uses may see differently (another thread writes) proves nothing until it is frozen
// ----

bool is_source(const llvm::Value* value) {
    if (!value->getType()->isIntegerTy() || value->getType()->getIntegerBitWidth() > 64) {
        return false;
    }
    if (const auto* argument = llvm::dyn_cast<llvm::Argument>(value)) {
        const bool is_length = argument->getArgNo() > 0 &&
                               safeir::slice_parameter(*argument->getParent(), argument->getArgNo() - 1).has_value();
        return !is_length;
    }
    if (llvm::isa<llvm::ExtractValueInst>(value)) {
        const llvm::Value* length = safeir::slice_length_key(const_cast<llvm::Value*>(value));
        return length == value;  // else it is a slice's own length
    }
    if (const auto* cast = llvm::dyn_cast<llvm::BitCastInst>(value); cast != nullptr) {
        return cast->getSrcTy()->isFPOrFPVectorTy();
    }
    return llvm::isa<llvm::LoadInst, llvm::AtomicRMWInst, llvm::FPToUIInst, llvm::FPToSIInst>(value) ||
           (llvm::isa<llvm::CallInst>(value) && !llvm::isa<llvm::IntrinsicInst>(value));
}

void pin(llvm::Function& function, const std::vector<SliceNeed>& needs) {
    llvm::SetVector<llvm::Value*> reached;
    const auto reach = [&](llvm::Value* value) {
        if (value != nullptr && (llvm::isa<llvm::Instruction>(value) || llvm::isa<llvm::Argument>(value)) &&
            value->getType()->isIntegerTy()) {
            reached.insert(value);
        }
    };
    for (const SliceNeed& need : needs) {
        reach(need.variable);
        reach(need.bound);
    }
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
        if (llvm::isa<llvm::ICmpInst>(instruction)) {
            reach(instruction.getOperand(0));
            reach(instruction.getOperand(1));
        }
    }
    for (std::size_t at = 0; at < reached.size(); ++at) {
        auto* instruction = llvm::dyn_cast<llvm::Instruction>(reached[at]);
        if (instruction != nullptr && !is_source(instruction) && !llvm::isa<llvm::FreezeInst>(instruction)) {
            for (llvm::Value* operand : instruction->operands()) {
                reach(operand);
            }
        }
    }
    for (llvm::Value* value : reached) {
        if (!is_source(value)) {
            continue;
        }
        auto* instruction = llvm::dyn_cast<llvm::Instruction>(value);
        const auto place = instruction != nullptr ? std::next(instruction->getIterator())
                                                  : function.getEntryBlock().getFirstNonPHIOrDbgOrAlloca();
        auto* frozen = new llvm::FreezeInst(value, "", place);
        frozen->setDebugLoc(instruction != nullptr ? instruction->getDebugLoc() : llvm::DebugLoc());
        value->replaceUsesWithIf(frozen, [&](const llvm::Use& use) { return use.getUser() != frozen; });
    }
}

// ---- undoing what the optimiser writes more cleverly than the checker reads ----

// a + ~b as a - b - 1
void undo_complements(llvm::Function& function) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
        if (instruction.getOpcode() != llvm::Instruction::Add) {
            continue;
        }
        for (unsigned i = 0; i < 2; ++i) {
            llvm::Value* taken = nullptr;
            if (!match(instruction.getOperand(i), llvm::PatternMatch::m_Not(llvm::PatternMatch::m_Value(taken)))) {
                continue;
            }
            llvm::IRBuilder<> b(&instruction);
            llvm::Value* whole = b.CreateSub(instruction.getOperand(1 - i), taken);
            instruction.replaceAllUsesWith(b.CreateAdd(whole, llvm::Constant::getAllOnesValue(whole->getType())));
            instruction.eraseFromParent();
            break;
        }
    }
}

// a | b as a + b, where no bit is in both, in the 64-bit offsets of vectors
void undo_disjoint_sums(llvm::Function& function) {
    for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* either = llvm::dyn_cast<llvm::PossiblyDisjointInst>(&instruction);
        if (either == nullptr || !either->isDisjoint() || !either->getType()->isIntegerTy(64)) {
            continue;
        }
        llvm::IRBuilder<> b(either);
        either->replaceAllUsesWith(b.CreateAdd(either->getOperand(0), either->getOperand(1)));
        either->eraseFromParent();
    }
}

// x == number as bswap(x) == number the other way round, where the program has bswap(x), too.
void undo_swapped_compares(llvm::Function& function) {
    llvm::SmallVector<llvm::IntrinsicInst*, 8> swaps;
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
        auto* swap = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
        if (swap != nullptr && swap->getIntrinsicID() == llvm::Intrinsic::bswap && swap->getType()->isIntegerTy() &&
            llvm::isa<llvm::Instruction>(swap->getArgOperand(0))) {
            swaps.push_back(swap);
        }
    }
    for (llvm::IntrinsicInst* swap : swaps) {
        llvm::Value* swapped = swap->getArgOperand(0);
        for (llvm::User* user : llvm::make_early_inc_range(swapped->users())) {
            auto* compare = llvm::dyn_cast<llvm::ICmpInst>(user);
            const auto* number =
                compare != nullptr ? llvm::dyn_cast<llvm::ConstantInt>(compare->getOperand(1)) : nullptr;
            if (number != nullptr && compare->isEquality()) {
                swap->moveBefore(*llvm::cast<llvm::Instruction>(swapped)->getInsertionPointAfterDef());
                compare->setOperand(0, swap);
                compare->setOperand(1, llvm::ConstantInt::get(swap->getType(), number->getValue().byteSwap()));
            }
        }
    }
}

// ---- other ways to write an offset ----

// A 32-bit value as a sum of values times numbers, modulo 2^32. The optimiser regroups sums, so that what the program
// compared is no longer a part of what it accesses; with this it's found again.
struct Linear {
    static constexpr std::size_t kTermsMax = 6;
    llvm::SmallVector<std::pair<llvm::Value*, std::uint32_t>, 4> terms;
    std::uint32_t constant = 0;

    void add(llvm::Value* value, std::uint32_t times) {
        for (auto& [known, factor] : terms) {
            if (known == value) {
                factor += times;
                llvm::erase_if(terms, [](const auto& term) { return term.second == 0; });
                return;
            }
        }
        if (times != 0) {
            terms.emplace_back(value, times);
        }
    }
};

Linear linear(llvm::Value* value) {
    Linear sum;
    llvm::SmallVector<std::pair<llvm::Value*, std::uint32_t>, 8> open = {{value, 1}};
    for (unsigned step = 0; !open.empty(); ++step) {
        const auto [each, times] = open.pop_back_val();
        const auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(each);
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(binary != nullptr ? binary->getOperand(1) : each);
        const auto small = number != nullptr ? static_cast<std::uint32_t>(number->getZExtValue()) : 0;
        if (binary == nullptr && number != nullptr) {
            sum.constant += times * small;
            continue;
        }
        const unsigned opcode = binary != nullptr && step < 4 * Linear::kTermsMax ? binary->getOpcode() : 0;
        const bool disjoint =
            opcode == llvm::Instruction::Or && llvm::cast<llvm::PossiblyDisjointInst>(binary)->isDisjoint();
        if (opcode == llvm::Instruction::Add || opcode == llvm::Instruction::Sub || disjoint) {
            open.push_back({binary->getOperand(0), times});
            open.push_back({binary->getOperand(1), opcode == llvm::Instruction::Sub ? 0U - times : times});
        } else if (number != nullptr && opcode == llvm::Instruction::Mul) {
            open.push_back({binary->getOperand(0), times * small});
        } else if (number != nullptr && opcode == llvm::Instruction::Shl && small < 32) {
            open.push_back({binary->getOperand(0), times << small});
        } else {
            sum.add(each, times);
        }
    }
    return sum;
}

// ---- checks ----

// variable == (root + offset) modulo 2^32, where the variable is an extended 32-bit value; else the variable itself.
struct Root {
    llvm::Value* value;
    std::int32_t offset = 0;
    bool operator==(const Root&) const = default;
};

Root root_of(llvm::Value* variable) {
    auto* extended = llvm::dyn_cast<llvm::ZExtInst>(variable);
    if (extended == nullptr || !extended->getOperand(0)->getType()->isIntegerTy(32)) {
        return {variable};
    }
    llvm::Value* value = extended->getOperand(0);
    auto* sum = llvm::dyn_cast<llvm::BinaryOperator>(value);
    const auto* number = sum != nullptr ? llvm::dyn_cast<llvm::ConstantInt>(sum->getOperand(1)) : nullptr;
    const bool adds =
        number != nullptr &&
        (sum->getOpcode() == llvm::Instruction::Add ||
         (sum->getOpcode() == llvm::Instruction::Or && llvm::cast<llvm::PossiblyDisjointInst>(sum)->isDisjoint()));
    return adds ? Root{sum->getOperand(0), static_cast<std::int32_t>(number->getSExtValue())} : Root{value};
}

// Needs of one block about the same root and bound, with nothing between them that somebody could see.
struct Group {
    Root root;              // with the least offset
    std::int64_t most = 0;  // to be added to root + offset: the furthest end
    llvm::Value* bound = nullptr;
    std::vector<SliceNeed*> needs;
};

bool is_visible(const llvm::Instruction& instruction) {
    return llvm::isa<llvm::CallInst>(instruction) && !llvm::isa<llvm::IntrinsicInst>(instruction);
}

class Checks {
  public:
    Checks(llvm::Function& function, std::vector<SliceNeed>& needs, MakeTrap make_trap)
        : function_(function), needs_(needs), make_trap_(make_trap) {}

    void run() {
        regroup();
        // The checker is asked for accesses alone, and so is the prover: it guesses from what it is asked.
        if (!all_proven()) {
            insert_help(Which::Unproven);
        }
        if (!all_proven()) {
            insert_help(Which::All);
        }
        for (unsigned round = 0; round <= kRoundsMax; ++round) {
            safeir::Dominators dominators;
            dominators.calculate(function_);
            std::vector<Group> groups = unproven(dominators, Kind::Access);
            if (groups.empty()) {
                return;
            }
            for (Group& group : groups) {
                // One that lies behind another about the same may turn out to be proven by that one's check.
                const bool later =
                    round < kRoundsMax && llvm::any_of(
                                              groups,
                                              [&](const Group& other) {
                                                  return &other != &group && other.root.value == group.root.value &&
                                                         other.bound == group.bound && !other.needs.empty() &&
                                                         !group.needs.empty() && is_before(other, group, dominators);
                                              });
                if (!later) {
                    insert_.push_back(&group);
                }
            }
            for (Group* group : insert_) {
                insert(*group);
            }
            insert_.clear();
        }
    }

  private:
    // A different sum for the offset of what isn't proven as it stands: a value that the program compares or subtracts,
    // plus something simple.
    void regroup() {
        safeir::Dominators dominators;
        dominators.calculate(function_);
        std::vector<SliceNeed*> open;
        for (const Group& group : unproven(dominators, Kind::Access)) {
            open.insert(open.end(), group.needs.begin(), group.needs.end());
        }
        if (open.empty()) {
            return;
        }
        std::vector<std::pair<llvm::Value*, Linear>> compared;
        for (llvm::Instruction& instruction : llvm::instructions(function_)) {
            if (!llvm::isa<llvm::ICmpInst>(instruction) && instruction.getOpcode() != llvm::Instruction::Sub) {
                continue;
            }
            for (llvm::Value* operand : instruction.operands()) {
                const bool known = llvm::any_of(compared, [&](const auto& other) { return other.first == operand; });
                if (!known && operand->getType()->isIntegerTy(32) && !llvm::isa<llvm::Constant>(operand) &&
                    compared.size() < kComparedMax) {
                    compared.emplace_back(operand, linear(operand));
                }
            }
        }
        struct Try {
            SliceNeed* need;
            llvm::Value* variable;
        };
        std::vector<Try> tries;
        std::vector<safeir::Obligation> obligations;
        for (SliceNeed* need : open) {
            auto* extended = llvm::dyn_cast<llvm::ZExtInst>(need->variable);
            if (extended == nullptr || need->address == nullptr ||
                !extended->getOperand(0)->getType()->isIntegerTy(32)) {
                continue;
            }
            auto* anchor = llvm::cast<llvm::Instruction>(need->anchor);
            const Linear wanted = linear(extended->getOperand(0));
            for (const auto& [value, sum] : compared) {
                Linear rest = wanted;
                for (const auto& [part, factor] : sum.terms) {
                    rest.add(part, 0U - factor);
                }
                rest.constant -= sum.constant;
                const auto* instruction = llvm::dyn_cast<llvm::Instruction>(value);
                const bool before = instruction == nullptr ||
                                    (instruction->getParent() == anchor->getParent()
                                         ? instruction->comesBefore(anchor)
                                         : dominators.dominates(*instruction->getParent(), *anchor->getParent()));
                if (value == extended->getOperand(0) || rest.terms.size() > 1 || rest.constant >= kNearby || !before ||
                    (!rest.terms.empty() && rest.terms[0].second >= kNearby)) {
                    continue;
                }
                llvm::IRBuilder<> b(anchor);
                llvm::Value* other = value;
                if (!rest.terms.empty()) {
                    llvm::Value* scaled = rest.terms[0].first;
                    if (rest.terms[0].second != 1) {
                        scaled = b.CreateMul(scaled, b.getInt32(rest.terms[0].second));
                    }
                    other = b.CreateAdd(other, scaled);
                }
                if (rest.constant != 0) {
                    other = b.CreateAdd(other, b.getInt32(rest.constant));
                }
                tries.push_back({need, b.CreateZExt(other, b.getInt64Ty())});
                obligations.push_back(obligation_of(*need));
                obligations.back().variable = tries.back().variable;
                obligations.back().constant = need->constant;
            }
        }
        safeir::FactProver prover(function_, dominators);
        const auto& verdicts = prover.prove_all(obligations, safeir::FactProver::Work::Most);
        for (std::size_t i = 0; i < tries.size(); ++i) {
            if (verdicts[i].proven && tries[i].need->address != nullptr) {
                rebase(*tries[i].need, tries[i].variable, 0);
            }
        }
    }

    enum class Kind { Access, Help };
    enum class Which { Unproven, All };

    bool all_proven() {
        safeir::Dominators dominators;
        dominators.calculate(function_);
        return unproven(dominators, Kind::Access).empty();
    }

    // Checks from which accesses may follow.
    void insert_help(Which which) {
        safeir::Dominators dominators;
        dominators.calculate(function_);
        std::vector<Group> groups;
        if (which == Which::Unproven) {
            groups = unproven(dominators, Kind::Help);
        } else {
            for (SliceNeed& need : needs_) {
                if (need.helps && !need.is_checked) {
                    place(need, groups);
                }
            }
        }
        for (Group& group : groups) {
            insert(group);
        }
    }

    static bool is_before(const Group& a, const Group& b, const safeir::Dominators& dominators) {
        const auto* first = llvm::cast<llvm::Instruction>(a.needs.front()->anchor);
        const auto* second = llvm::cast<llvm::Instruction>(b.needs.front()->anchor);
        return first->getParent() == second->getParent()
                   ? first->comesBefore(second)
                   : dominators.dominates(*first->getParent(), *second->getParent());
    }

    std::vector<Group> unproven(const safeir::Dominators& dominators, Kind kind) {
        std::vector<SliceNeed*> asked;
        std::vector<SliceNeed*> accesses;
        for (SliceNeed& need : needs_) {
            if (need.helps == (kind == Kind::Help)) {
                asked.push_back(&need);
                if (need.is_access) {
                    accesses.push_back(&need);
                }
            }
        }
        std::vector<SliceNeed*> open = unproven_of(asked, dominators);
        // What the prover guesses from the length of a part of a slice, it will not guess when the checker asks.
        if (!accesses.empty() && accesses.size() < asked.size()) {
            llvm::erase_if(open, [](const SliceNeed* need) { return need->is_access; });
            llvm::append_range(open, unproven_of(accesses, dominators));
            llvm::sort(open);  // as they are in needs_
        }
        std::vector<Group> groups;
        for (SliceNeed* need : open) {
            place(*need, groups);
        }
        return groups;
    }

    std::vector<SliceNeed*> unproven_of(const std::vector<SliceNeed*>& asked, const safeir::Dominators& dominators) {
        std::vector<safeir::Obligation> obligations;
        for (const SliceNeed* need : asked) {
            obligations.push_back(obligation_of(*need));
        }
        safeir::FactProver prover(function_, dominators);
        const auto& verdicts = prover.prove_all(obligations, safeir::FactProver::Work::Most);
        std::vector<SliceNeed*> open;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (!verdicts[i].proven) {
                open.push_back(asked[i]);
            }
        }
        return open;
    }

    static safeir::Obligation obligation_of(const SliceNeed& need) {
        llvm::Value* variable = need.variable;
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(need.bound);
        return {safeir::Rule::SliceBounds,
                llvm::cast<llvm::Instruction>(need.anchor),
                llvm::isa<llvm::ConstantInt>(variable) ? nullptr : variable,
                constant_of(need),
                number != nullptr ? nullptr : safeir::slice_length_key(need.bound),
                number != nullptr ? number->getZExtValue() : 0};
    }

    static std::uint64_t constant_of(const SliceNeed& need) {
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(need.variable);
        return need.constant + (number != nullptr ? number->getZExtValue() : 0);
    }

    void place(SliceNeed& need, std::vector<Group>& groups) {
        const auto* number = llvm::dyn_cast<llvm::ConstantInt>(need.variable);
        const Root root = number != nullptr ? Root{nullptr} : root_of(need.variable);
        const auto end = static_cast<std::int64_t>(constant_of(need));
        for (Group& group : groups) {
            if (group.root.value != root.value || group.bound != need.bound || !goes_with(*group.needs.front(), need) ||
                !follows(group, need)) {
                continue;
            }
            const std::int32_t least = std::min(group.root.offset, root.offset);
            group.most = std::max(group.most + group.root.offset, end + root.offset) - least;
            group.root.offset = least;
            group.needs.push_back(&need);
            return;
        }
        groups.push_back({root, end, need.bound, {&need}});
    }

    // One check is for both: if their offsets are two values, each address has to become the checked one plus a number.
    static bool goes_with(const SliceNeed& first, const SliceNeed& need) {
        const bool is_same = first.variable == need.variable;
        return first.helps == need.helps && (is_same || (can_be_rebased(first) && can_be_rebased(need)));
    }

    static bool can_be_rebased(const SliceNeed& need) {
        const auto* address = llvm::dyn_cast_or_null<llvm::GetElementPtrInst>(static_cast<llvm::Value*>(need.address));
        return llvm::isa<llvm::ConstantInt>(need.variable) ||
               (address != nullptr && address->getOperand(1) == need.variable);
    }

    static bool follows(const Group& group, const SliceNeed& need) {
        const auto* from = llvm::cast<llvm::Instruction>(group.needs.front()->anchor);
        const auto* to = llvm::cast<llvm::Instruction>(need.anchor);
        if (from->getParent() != to->getParent() || !from->comesBefore(to)) {
            return false;
        }
        return std::none_of(from->getIterator(), to->getIterator(), is_visible);
    }

    // Where the group has several offsets from one root, its addresses become the least one plus constants: if the
    // furthest is inside, no sum on the way there has wrapped.
    void insert(Group& group) {
        auto* anchor = llvm::cast<llvm::Instruction>(group.needs.front()->anchor);
        llvm::IRBuilder<> b(anchor);
        llvm::Value* least = nullptr;
        const bool is_one = llvm::all_of(
            group.needs, [&](const SliceNeed* need) { return need->variable == group.needs.front()->variable; });
        if (is_one && group.root.value != nullptr) {
            least = group.needs.front()->variable;
            group.most = 0;
            for (const SliceNeed* need : group.needs) {
                group.most = std::max(group.most, static_cast<std::int64_t>(need->constant));
            }
        } else if (group.root.value != nullptr) {
            least = group.root.value;
            if (least->getType()->isIntegerTy(32)) {
                if (group.root.offset != 0) {
                    least = b.CreateAdd(least, b.getInt32(static_cast<std::uint32_t>(group.root.offset)));
                }
                least = b.CreateZExt(least, b.getInt64Ty());
            }
            for (SliceNeed* need : group.needs) {
                rebase(*need, least, root_of(need->variable).offset - group.root.offset);
            }
        }
        const bool again = llvm::any_of(group.needs, [](const SliceNeed* need) { return need->is_checked; });
        for (SliceNeed* need : group.needs) {
            need->is_checked = true;
        }
        llvm::Value* inside =
            is_inside(b, least, b.getInt64(static_cast<std::uint64_t>(group.most)), group.bound, again);
        llvm::BasicBlock* before = anchor->getParent();
        llvm::BasicBlock* after = before->splitBasicBlock(anchor->getIterator());
        before->getTerminator()->eraseFromParent();
        llvm::BasicBlock* outside = make_trap_(anchor->getDebugLoc());
        llvm::IRBuilder<>(before).CreateCondBr(inside, after, outside)->setDebugLoc(anchor->getDebugLoc());
    }

    // The sum of the offset and the number is at most the bound.
    static llvm::Value*
    is_inside(llvm::IRBuilder<>& b, llvm::Value* offset, llvm::Value* number, llvm::Value* bound, bool again) {
        if (offset == nullptr) {
            return b.CreateICmpULE(number, bound);
        }
        if (again) {
            // The prover takes a sum apart as far as it goes, and may not find together again what it's asked for. A
            // compare with the offset itself it finds in any case.
            llvm::Value* room = b.CreateSub(bound, number);
            return b.CreateAnd(b.CreateICmpULE(number, bound), b.CreateICmpULE(offset, room));
        }
        llvm::Value* inside = b.CreateICmpULE(b.CreateAdd(offset, number), bound);
        return safeir::unsigned_max(offset) > kSafeToAddTo ? b.CreateAnd(b.CreateICmpULE(offset, bound), inside)
                                                           : inside;
    }

    static void rebase(SliceNeed& need, llvm::Value* least, std::int64_t distance) {
        if (least == need.variable && distance == 0) {
            return;
        }
        auto* address = llvm::dyn_cast_or_null<llvm::GetElementPtrInst>(need.address);
        if (address == nullptr || address->getOperand(1) != need.variable) {
            return;
        }
        llvm::IRBuilder<> b(address);
        llvm::Value* moved = b.CreateGEP(b.getInt8Ty(), address->getPointerOperand(), least);
        if (distance != 0) {
            moved = b.CreateGEP(b.getInt8Ty(), moved, b.getInt64(static_cast<std::uint64_t>(distance)));
        }
        address->replaceAllUsesWith(moved);
        address->eraseFromParent();
        need.address = nullptr;
        need.variable = least;
        need.constant += static_cast<std::uint64_t>(distance);
    }

    llvm::Function& function_;
    std::vector<SliceNeed>& needs_;
    MakeTrap make_trap_;
    std::vector<Group*> insert_;
};

}  // namespace

void prove_slices(llvm::Function& function, std::vector<SliceNeed>& needs, MakeTrap make_trap) {
    llvm::erase_if(needs, [](const SliceNeed& need) { return need.anchor == nullptr; });
    if (needs.empty()) {
        return;
    }
    undo_complements(function);
    undo_disjoint_sums(function);
    undo_swapped_compares(function);
    pin(function, needs);
    Checks(function, needs, make_trap).run();
    for (const SliceNeed& need : needs) {
        llvm::cast<llvm::Instruction>(need.anchor)->eraseFromParent();
    }
}

}  // namespace tessera::lower
