#include "safeir/check/terms.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {

bool holds_by_range(const Obligation& obligation) {
    if (obligation.length != nullptr) {
        return false;
    }
    const std::uint64_t most = obligation.variable != nullptr ? unsigned_max(obligation.variable) : 0;
    return Wide{most} + Wide{obligation.constant} <= Wide{obligation.size};
}

bool is_evident(const Linear& sum) {
    Wide most = sum.constant;
    for (const Part& part : sum.parts()) {
        most += part.scale > 0 ? part.scale * Wide{unsigned_max(part.value)} : Wide{0};
    }
    return most <= 0;
}

// A plain load that races gives LLVM's undef, of which each use may differ: a check on it says nothing about a later
// access. So are arguments and results of calls, which may be such a load; a conversion that is out of range is as
// undecided, and so are the bits of a NaN. `freeze` pins a value. What is computed from an unstable value is unstable.
// A slice's length is the kernel's, and stable.
static bool is_undecided(const llvm::Instruction& instruction) {
    if (const auto* cast = llvm::dyn_cast<llvm::BitCastInst>(&instruction)) {
        return cast->getSrcTy()->isFPOrFPVectorTy() && !cast->getDestTy()->isFPOrFPVectorTy();
    }
    return llvm::isa<llvm::LoadInst, llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst, llvm::FPToUIInst, llvm::FPToSIInst>(
               instruction) ||
           (llvm::isa<llvm::CallInst>(instruction) && !llvm::isa<llvm::IntrinsicInst>(instruction) &&
            !gives_slice(&instruction));
}

Terms::Terms(llvm::Function& function) {
    llvm::SmallVector<const llvm::Value*, 32> worklist;
    const auto mark = [&](const llvm::Value* value) {
        if (unstable_.insert(value).second) {
            worklist.push_back(value);
        }
    };
    for (const llvm::Argument& argument : llvm::drop_begin(function.args())) {
        if (!is_slice_length(&argument)) {
            mark(&argument);
        }
    }
    for (const llvm::BasicBlock& block : function) {
        for (const llvm::Instruction& instruction : block) {
            if (is_undecided(instruction)) {
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

llvm::Value* Terms::key(llvm::Value* value) const {
    for (unsigned step = 0; step < kStepsMax; ++step) {
        auto* cast = llvm::dyn_cast<llvm::Instruction>(value);
        if (cast == nullptr || cast->getNumOperands() != 1) {
            break;
        }
        llvm::Value* from = cast->getOperand(0);
        const bool same =
            llvm::isa<llvm::ZExtInst>(cast) || (llvm::isa<llvm::FreezeInst>(cast) && is_stable(from)) ||
            (llvm::isa<llvm::TruncInst>(cast) && is_number(from) && unsigned_max(from) <= width_max(cast));
        if (!same || !is_number(from)) {
            break;
        }
        value = from;
    }
    return slice_length_key(value);
}

bool Terms::add(Linear& sum, llvm::Value* value, Wide scale) const {
    return (is_number(value) || is_slice_length(value)) && is_stable(value) && sum.add(key(value), scale);
}

std::optional<Linear> Terms::sum_of(std::initializer_list<Part> parts, Wide constant) const {
    Linear sum(constant);
    const bool fits = llvm::all_of(parts, [&](const Part& part) { return add(sum, part.value, part.scale); });
    return fits ? std::optional(sum) : std::nullopt;
}

std::optional<Linear> Terms::shape(llvm::Value* value, unsigned number) const {
    const bool is_first = number == 0;
    if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(value)) {
        const bool is_least = call->getIntrinsicID() == llvm::Intrinsic::umin;
        const bool is_less = call->getIntrinsicID() == llvm::Intrinsic::usub_sat;
        const bool says = is_least ? number < 2 : is_less && is_first;
        return says ? sum_of({{value, 1}, {call->getArgOperand(number), -1}}) : std::nullopt;
    }
    const Operation op = operation(value);
    if (number > 1) {
        return std::nullopt;
    }
    const unsigned opcode =
        op.binary != nullptr ? unsigned{op.binary->getOpcode()} : unsigned{llvm::Instruction::Trunc};
    switch (opcode) {
    case llvm::Instruction::Or:
        return is_first ? sum_of({{value, 1}, {op.left, -1}, {op.right, -1}}) : std::nullopt;
    case llvm::Instruction::LShr:
    case llvm::Instruction::UDiv:
        if (op.scale() == 0) {
            return std::nullopt;
        }
        return is_first ? sum_of({{value, op.scale()}, {op.left, -1}})
                        : sum_of({{op.left, 1}, {value, -op.scale()}}, 1 - op.factor());  // the rest of the division
    case llvm::Instruction::URem:
        return is_first ? sum_of({{value, 1}, {op.left, -1}}) : sum_of({{value, 1}, {op.right, -1}}, 1);
    case llvm::Instruction::And:
        return sum_of({{value, 1}, {is_first ? op.left : op.right, -1}});
    case llvm::Instruction::Trunc:
    case llvm::Instruction::Add:
    case llvm::Instruction::Mul:
    case llvm::Instruction::Shl: {
        // What wraps is less than what it is without wrapping.
        const std::optional<Exact> exact = is_first ? this->exact(value, false) : std::nullopt;
        return exact ? std::optional(exact->zero) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<Terms::Exact> Terms::exact(llvm::Value* value, bool is_down) const {
    const Operation op = operation(value);
    std::optional<Linear> sum;  // what it is without wrapping
    bool wraps_below = false;   // zero; else above the largest
    if (auto* cut = llvm::dyn_cast<llvm::TruncInst>(value); cut != nullptr && is_number(value)) {
        sum = sum_of({{cut->getOperand(0), 1}});
    } else if (op.is(llvm::Instruction::Sub)) {
        wraps_below = true;
        sum = sum_of({{op.left, 1}, {op.right, -1}});
    } else if (op.is(llvm::Instruction::Add) && is_down) {
        wraps_below = true;
        sum = op.taken() != 0 ? sum_of({{op.left, 1}}, -Wide{op.taken()}) : std::nullopt;
    } else if (op.is(llvm::Instruction::Add)) {
        sum = sum_of({{op.left, 1}, {op.right, 1}});
    } else if ((op.is(llvm::Instruction::Mul) || op.is(llvm::Instruction::Shl)) && op.scale() != 0) {
        sum = sum_of({{op.left, op.scale()}});
    }
    if (!sum) {
        return std::nullopt;
    }
    Exact exact{Linear(wraps_below ? Wide{0} : -Wide{width_max(value)}), {}};
    const bool fits =
        exact.premise.add(*sum, wraps_below ? -1 : 1) && add(exact.zero, value, 1) && exact.zero.add(*sum, -1);
    return fits ? std::optional(exact) : std::nullopt;
}

std::optional<Linear> Terms::together(llvm::Value* some, llvm::Value* others) const {
    const Operation low = operation(some);
    const Operation high = operation(others);
    const bool is_apart = low.is(llvm::Instruction::And) && high.is(llvm::Instruction::And) && low.number != nullptr &&
                          high.number != nullptr && key(low.left) == key(high.left) &&
                          (low.number->getZExtValue() & high.number->getZExtValue()) == 0;
    return is_apart ? sum_of({{some, 1}, {others, 1}, {low.left, -1}}) : std::nullopt;
}

std::optional<Linear> Terms::goal(const Obligation& obligation) const {
    Linear sum(Wide{obligation.constant} - (obligation.length == nullptr ? Wide{obligation.size} : Wide{0}));
    const bool fits = (obligation.variable == nullptr || add(sum, obligation.variable, 1)) &&
                      (obligation.length == nullptr || add(sum, obligation.length, -1));
    return fits ? std::optional(sum) : std::nullopt;
}

}  // namespace tessera::safeir
