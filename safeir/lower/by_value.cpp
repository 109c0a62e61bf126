#include "safeir/lower/by_value.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace tessera::lower {

void copy_by_value_arguments(llvm::Module& program) {
    const llvm::DataLayout& data = program.getDataLayout();
    for (llvm::Function& function : program) {
        for (llvm::Argument& argument : function.args()) {
            function.removeParamAttr(argument.getArgNo(), llvm::Attribute::ByVal);
        }
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
            for (unsigned i = 0; call != nullptr && i < call->arg_size(); ++i) {
                llvm::Type* type = call->getAttributes().getParamByValType(i);
                if (type == nullptr) {
                    continue;
                }
                const llvm::Align align = std::max(data.getABITypeAlign(type), call->getParamAlign(i).valueOrOne());
                llvm::IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
                llvm::AllocaInst* copy = entry.CreateAlloca(type, nullptr, "by.value");
                copy->setAlignment(align);
                llvm::IRBuilder<> b(call);
                b.CreateMemCpy(copy,
                               align,
                               call->getArgOperand(i),
                               call->getParamAlign(i),
                               data.getTypeAllocSize(type).getFixedValue());
                call->setArgOperand(i, copy);
                call->removeParamAttr(i, llvm::Attribute::ByVal);
            }
        }
    }
}

}  // namespace tessera::lower
