#include "safeir/lower/unit/frame_address.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::lower {

void lower_frame_address(llvm::Module& module) {
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::make_early_inc_range(llvm::instructions(function))) {
            auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
            if (call == nullptr || call->getIntrinsicID() != llvm::Intrinsic::frameaddress ||
                !llvm::cast<llvm::Constant>(call->getArgOperand(0))->isNullValue()) {
                continue;
            }
            llvm::IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
            call->replaceAllUsesWith(entry.CreateAlloca(entry.getInt64Ty(), nullptr, "frame.address"));
            call->eraseFromParent();
        }
    }
}

}  // namespace tessera::lower
