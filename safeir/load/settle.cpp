#include "safeir/load/settle.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::safeir {

void settle_undefined(llvm::Module& module) {
    for (auto& function : module) {
        for (auto& instruction : llvm::instructions(function)) {
            // The start of a vector that is filled in lane by lane, and what a shuffle takes no lane of.
            const bool is_filler = llvm::isa<llvm::InsertElementInst, llvm::ShuffleVectorInst>(instruction);
            for (auto& operand : instruction.operands()) {
                auto* const type = operand->getType();
                if (llvm::isa<llvm::UndefValue>(operand.get()) && !(is_filler && type->isVectorTy())) {
                    operand.set(llvm::Constant::getNullValue(type));
                }
            }
        }
    }
}

}  // namespace tessera::safeir
