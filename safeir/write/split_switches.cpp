#include "safeir/write/split_switches.h"

#include "safeir/wire/lists.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>
#include <span>
#include <vector>

namespace tessera::safeir {
namespace {

constexpr std::size_t kCasesMax = wire::entry(wire::List::SwitchCases).most;

using Case = std::pair<llvm::ConstantInt*, llvm::BasicBlock*>;

// What the phis of a successor have for the block of the old switch.
struct Merged {
    llvm::PHINode* phi;
    llvm::Value* value;
};

class Splitter {
  public:
    explicit Splitter(llvm::SwitchInst& choice) : choice_(choice), builder_(choice.getContext()) {}

    void split() {
        std::vector<Case> cases;
        for (const auto& each : choice_.cases()) {
            cases.emplace_back(each.getCaseValue(), each.getCaseSuccessor());
        }
        std::ranges::sort(cases,
                          [](const Case& a, const Case& b) { return a.first->getValue().ult(b.first->getValue()); });
        llvm::BasicBlock* block = choice_.getParent();
        llvm::SmallPtrSet<llvm::BasicBlock*, 16> successors(llvm::from_range, llvm::successors(block));
        for (llvm::BasicBlock* successor : successors) {
            for (llvm::PHINode& phi : successor->phis()) {
                merged_[successor].push_back({&phi, phi.getIncomingValueForBlock(block)});
                phi.removeIncomingValueIf([&](unsigned i) { return phi.getIncomingBlock(i) == block; }, false);
            }
        }
        llvm::Instruction* end = block->getTerminator();
        builder_.SetCurrentDebugLocation(choice_.getDebugLoc());
        builder_.SetInsertPoint(end);
        choose(cases);
        end->eraseFromParent();
    }

  private:
    // Where the builder is.
    void choose(std::span<const Case> cases) {
        if (cases.size() <= kCasesMax) {
            auto* choice = builder_.CreateSwitch(
                choice_.getCondition(), choice_.getDefaultDest(), static_cast<unsigned>(cases.size()));
            lead_to(choice_.getDefaultDest());
            for (const auto& [value, target] : cases) {
                choice->addCase(value, target);
                lead_to(target);
            }
            return;
        }
        const auto half = cases.size() / 2;
        llvm::Function* function = choice_.getFunction();
        auto* below = llvm::BasicBlock::Create(function->getContext(), "", function);
        auto* above = llvm::BasicBlock::Create(function->getContext(), "", function);
        builder_.CreateCondBr(builder_.CreateICmpULT(choice_.getCondition(), cases[half].first), below, above);
        builder_.SetInsertPoint(below);
        choose(cases.first(half));
        builder_.SetInsertPoint(above);
        choose(cases.subspan(half));
    }

    void lead_to(llvm::BasicBlock* target) {
        for (const Merged& merged : merged_[target]) {
            merged.phi->addIncoming(merged.value, builder_.GetInsertBlock());
        }
    }

    llvm::SwitchInst& choice_;
    llvm::IRBuilder<> builder_;
    llvm::DenseMap<llvm::BasicBlock*, llvm::SmallVector<Merged, 2>> merged_;
};

}  // namespace

void split_switches(llvm::Function& function) {
    llvm::SmallVector<llvm::SwitchInst*, 4> large;
    for (llvm::BasicBlock& block : function) {
        auto* choice = llvm::dyn_cast_or_null<llvm::SwitchInst>(block.getTerminator());
        if (choice != nullptr && choice->getNumCases() > kCasesMax) {
            large.push_back(choice);
        }
    }
    for (llvm::SwitchInst* choice : large) {
        Splitter(*choice).split();
    }
}

}  // namespace tessera::safeir
