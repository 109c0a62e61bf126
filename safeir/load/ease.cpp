#include "safeir/load/ease.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

#include <algorithm>
#include <vector>

namespace tessera::safeir {
namespace {

// From so many cases on a switch keeps its jump table, for which a block of slow selection is worth it.
constexpr unsigned kJumpTableCases = 12;

// For what is used more often than before: the same number at each use. A load that another core's store races with may
// give each use another one, unless it is frozen. A bit is frozen as a byte, which fast selection knows how to do.
llvm::Value* pinned(llvm::Value& value, llvm::IRBuilder<>& builder) {
    if (llvm::isa<llvm::Constant, llvm::FreezeInst>(value)) {
        return &value;
    }
    if (!value.getType()->isIntegerTy(1)) {
        return builder.CreateFreeze(&value);
    }
    auto* const byte = builder.CreateFreeze(builder.CreateZExt(&value, builder.getInt8Ty()));
    return builder.CreateTrunc(byte, value.getType());
}

// Null: the instruction is left as it is.
llvm::Value* logic_for(llvm::SelectInst& select, llvm::IRBuilder<>& builder) {
    if (!select.getType()->isIntegerTy(1)) {
        return nullptr;
    }
    auto* condition = select.getCondition();
    const auto* const if_true = llvm::dyn_cast<llvm::ConstantInt>(select.getTrueValue());
    const auto* const if_false = llvm::dyn_cast<llvm::ConstantInt>(select.getFalseValue());
    if (if_true != nullptr && if_true->isOne()) {
        return builder.CreateOr(condition, select.getFalseValue());
    }
    if (if_false != nullptr && if_false->isZero()) {
        return builder.CreateAnd(condition, select.getTrueValue());
    }
    condition = pinned(*condition, builder);
    return builder.CreateOr(builder.CreateAnd(condition, select.getTrueValue()),
                            builder.CreateAnd(builder.CreateNot(condition), select.getFalseValue()));
}

llvm::Value* comparison_for(llvm::IntrinsicInst& call, llvm::CmpInst::Predicate predicate, llvm::IRBuilder<>& builder) {
    auto* const first = pinned(*call.getArgOperand(0), builder);
    auto* const second = pinned(*call.getArgOperand(1), builder);
    return builder.CreateSelect(builder.CreateICmp(predicate, first, second), first, second);
}

llvm::Value* shifts_for(llvm::IntrinsicInst& call, llvm::IRBuilder<>& builder) {
    const auto* const amount = llvm::dyn_cast<llvm::ConstantInt>(call.getArgOperand(2));
    if (amount == nullptr) {
        return nullptr;
    }
    const std::uint64_t width = call.getType()->getIntegerBitWidth();
    const auto by = amount->getValue().urem(width);
    if (by == 0) {
        return call.getArgOperand(call.getIntrinsicID() == llvm::Intrinsic::fshl ? 0 : 1);
    }
    const auto left = call.getIntrinsicID() == llvm::Intrinsic::fshl ? by : width - by;
    return builder.CreateOr(builder.CreateShl(call.getArgOperand(0), left),
                            builder.CreateLShr(call.getArgOperand(1), width - left));
}

llvm::Value* plain_for(llvm::IntrinsicInst& call, llvm::IRBuilder<>& builder) {
    const auto* const type = llvm::dyn_cast<llvm::IntegerType>(call.getType());
    if (type == nullptr || type->getBitWidth() > 64 || type->getBitWidth() < 8) {
        return nullptr;
    }
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::smin:
        return comparison_for(call, llvm::CmpInst::ICMP_SLT, builder);
    case llvm::Intrinsic::smax:
        return comparison_for(call, llvm::CmpInst::ICMP_SGT, builder);
    case llvm::Intrinsic::umin:
        return comparison_for(call, llvm::CmpInst::ICMP_ULT, builder);
    case llvm::Intrinsic::umax:
        return comparison_for(call, llvm::CmpInst::ICMP_UGT, builder);
    case llvm::Intrinsic::fshl:
    case llvm::Intrinsic::fshr:
        return shifts_for(call, builder);
    default:
        return nullptr;
    }
}

// Frames are zeroed by stores of whole vectors.
bool split_zeros(llvm::StoreInst& store, llvm::IRBuilder<>& builder) {
    const auto* const type = llvm::dyn_cast<llvm::FixedVectorType>(store.getValueOperand()->getType());
    const auto* const value = llvm::dyn_cast<llvm::Constant>(store.getValueOperand());
    if (type == nullptr || value == nullptr || !value->isNullValue() || !store.isSimple()) {
        return false;
    }
    const auto bytes = store.getDataLayout().getTypeStoreSize(const_cast<llvm::FixedVectorType*>(type)).getFixedValue();
    if (bytes % 8 != 0 || bytes > 64 || type->getScalarSizeInBits() % 8 != 0) {
        return false;
    }
    for (std::uint64_t at = 0; at < bytes; at += 8) {
        auto* const address = at == 0 ? store.getPointerOperand()
                                      : builder.CreateConstGEP1_64(builder.getInt8Ty(), store.getPointerOperand(), at);
        builder.CreateAlignedStore(builder.getInt64(0), address, llvm::Align(1));
    }
    return true;
}

// A tree of comparisons. Each leaf goes to its case or to the default.
class SwitchTree {
  public:
    explicit SwitchTree(llvm::SwitchInst& instruction)
        : block_(*instruction.getParent()), default_(*instruction.getDefaultDest()),
          value_(*instruction.getCondition()), location_(instruction.getDebugLoc()) {
        for (const auto& one : instruction.cases()) {
            cases_.push_back({one.getCaseValue(), one.getCaseSuccessor()});
        }
        std::ranges::sort(cases_,
                          [](const Case& a, const Case& b) { return a.value->getValue().ult(b.value->getValue()); });
    }

    // The switch has to be the block's last instruction, and is gone afterwards.
    void make() {
        for (auto* successor : llvm::SmallPtrSet<llvm::BasicBlock*, 8>(llvm::from_range, llvm::successors(&block_))) {
            for (auto& phi : successor->phis()) {
                incoming_[&phi] = phi.getIncomingValueForBlock(&block_);
            }
        }
        for (auto& [phi, value] : incoming_) {
            phi->removeIncomingValueIf([&](unsigned i) { return phi->getIncomingBlock(i) == &block_; }, false);
        }
        auto* const value = pinned_value();
        block_.getTerminator()->eraseFromParent();
        std::vector<Part> parts{{&block_, 0, cases_.size()}};
        while (!parts.empty()) {
            const auto part = parts.back();
            parts.pop_back();
            llvm::IRBuilder<> builder(part.block);
            builder.SetCurrentDebugLocation(location_);
            if (part.begin == part.end) {
                builder.CreateBr(reached(default_, *part.block));
                continue;
            }
            const auto middle = part.begin + (part.end - part.begin) / 2;
            auto* const constant = cases_[middle].value;
            if (part.end - part.begin == 1) {
                builder.CreateCondBr(builder.CreateICmpEQ(value, constant),
                                     reached(*cases_[middle].target, *part.block),
                                     reached(default_, *part.block));
                continue;
            }
            auto* const below = fresh();
            auto* const above = fresh();
            builder.CreateCondBr(builder.CreateICmpULT(value, constant), below, above);
            parts.push_back({below, part.begin, middle});
            parts.push_back({above, middle, part.end});
        }
    }

  private:
    struct Case {
        llvm::ConstantInt* value;
        llvm::BasicBlock* target;
    };
    struct Part {
        llvm::BasicBlock* block;
        std::size_t begin;
        std::size_t end;
    };

    llvm::Value* pinned_value() {
        llvm::IRBuilder<> builder(block_.getTerminator());
        return cases_.size() > 1 ? pinned(value_, builder) : &value_;
    }

    llvm::BasicBlock* fresh() {
        return llvm::BasicBlock::Create(block_.getContext(), "", block_.getParent(), block_.getNextNode());
    }

    llvm::BasicBlock* reached(llvm::BasicBlock& target, llvm::BasicBlock& from) {
        for (auto& phi : target.phis()) {
            phi.addIncoming(incoming_.lookup(&phi), &from);
        }
        return &target;
    }

    llvm::BasicBlock& block_;
    llvm::BasicBlock& default_;
    llvm::Value& value_;
    llvm::DebugLoc location_;
    std::vector<Case> cases_;
    llvm::DenseMap<llvm::PHINode*, llvm::Value*> incoming_;
};

void ease(llvm::Instruction& instruction, llvm::IRBuilder<>& builder) {
    builder.SetInsertPoint(&instruction);
    llvm::Value* value = nullptr;
    if (auto* select = llvm::dyn_cast<llvm::SelectInst>(&instruction)) {
        value = logic_for(*select, builder);
    } else if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction)) {
        value = plain_for(*call, builder);
    } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction); store != nullptr) {
        if (split_zeros(*store, builder)) {
            store->eraseFromParent();
        }
        return;
    }
    if (value != nullptr) {
        instruction.replaceAllUsesWith(value);
        instruction.eraseFromParent();
    }
}

}  // namespace

void ease_selection(llvm::Module& module) {
    llvm::IRBuilder<> builder(module.getContext());
    for (auto& function : module) {
        std::vector<llvm::SwitchInst*> switches;
        for (auto& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            if (auto* one = llvm::dyn_cast<llvm::SwitchInst>(&instruction)) {
                if (one->getNumCases() < kJumpTableCases) {
                    switches.push_back(one);
                }
            } else {
                ease(instruction, builder);
            }
        }
        for (auto* one : switches) {
            SwitchTree(*one).make();
        }
    }
}

}  // namespace tessera::safeir
