#include "safeir/lower/computed_goto.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {

void lower_computed_goto(llvm::Module& module) {
    llvm::Type* word = llvm::Type::getInt32Ty(module.getContext());
    for (llvm::Function& function : module) {
        llvm::SmallVector<llvm::IndirectBrInst*> jumps;
        for (llvm::BasicBlock& block : function) {
            if (auto* jump = llvm::dyn_cast<llvm::IndirectBrInst>(block.getTerminator())) {
                jumps.push_back(jump);
            }
        }
        // Every label whose address is taken gets a number; 0 stays the null pointer.
        llvm::DenseMap<llvm::BasicBlock*, llvm::ConstantInt*> numbers;
        std::uint32_t next = 1;
        for (llvm::BasicBlock& block : function) {
            if (llvm::BlockAddress* address = llvm::BlockAddress::lookup(&block)) {
                auto* number = llvm::ConstantInt::get(llvm::cast<llvm::IntegerType>(word), next++);
                numbers[&block] = number;
                address->replaceAllUsesWith(llvm::ConstantExpr::getIntToPtr(number, address->getType()));
                address->destroyConstant();
            }
        }
        for (llvm::IndirectBrInst* jump : jumps) {
            llvm::BasicBlock* nowhere = llvm::BasicBlock::Create(module.getContext(), "", &function);
            llvm::IRBuilder<> b(nowhere);
            b.CreateUnreachable();
            b.SetInsertPoint(jump);
            llvm::SwitchInst* choice =
                b.CreateSwitch(b.CreatePtrToInt(jump->getAddress(), word), nowhere, jump->getNumDestinations());
            llvm::SmallPtrSet<llvm::BasicBlock*, 16> seen;
            for (unsigned i = 0; i < jump->getNumDestinations(); ++i) {
                llvm::BasicBlock* target = jump->getDestination(i);
                if (numbers.contains(target) && seen.insert(target).second) {
                    choice->addCase(numbers[target], target);
                } else {
                    target->removePredecessor(jump->getParent());
                }
            }
            jump->eraseFromParent();
        }
    }
}

}  // namespace tessera::lower
