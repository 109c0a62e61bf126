#include "safeir/lower/unit/variadic_invokes.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

namespace tessera::lower {

// Holds the place and the edges of an invoke that is a call for the time being, at the end of its block.
static constexpr const char* kPlaceholder = "__tessera_hidden_invoke";

void hide_variadic_invokes(llvm::Module& module) {
    llvm::SmallVector<llvm::InvokeInst*> found;
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(&instruction);
            if (invoke != nullptr && invoke->getFunctionType()->isVarArg()) {
                found.push_back(invoke);
            }
        }
    }
    if (found.empty()) {
        return;
    }
    auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(module.getContext()), false);
    const llvm::FunctionCallee placeholder = module.getOrInsertFunction(kPlaceholder, type);
    for (llvm::InvokeInst* invoke : found) {
        llvm::CallInst* call = llvm::createCallMatchingInvoke(invoke);
        call->insertBefore(invoke->getIterator());
        call->takeName(invoke);
        invoke->replaceAllUsesWith(call);
        llvm::InvokeInst::Create(
            placeholder, invoke->getNormalDest(), invoke->getUnwindDest(), {}, "", invoke->getIterator());
        invoke->eraseFromParent();
    }
}

void restore_variadic_invokes(llvm::Module& module) {
    llvm::Function* placeholder = module.getFunction(kPlaceholder);
    if (placeholder == nullptr) {
        return;
    }
    for (llvm::User* user : llvm::make_early_inc_range(placeholder->users())) {
        auto* end = llvm::cast<llvm::InvokeInst>(user);
        // Behind the call only the end of its arguments' life is said.
        while (llvm::isa<llvm::IntrinsicInst>(end->getPrevNode())) {
            end->getPrevNode()->eraseFromParent();
        }
        auto* call = llvm::cast<llvm::CallInst>(end->getPrevNode());
        llvm::SmallVector<llvm::Value*> arguments(call->args());
        llvm::SmallVector<llvm::OperandBundleDef> bundles;
        call->getOperandBundlesAsDefs(bundles);
        llvm::InvokeInst* invoke = llvm::InvokeInst::Create(call->getFunctionType(),
                                                            call->getCalledOperand(),
                                                            end->getNormalDest(),
                                                            end->getUnwindDest(),
                                                            arguments,
                                                            bundles,
                                                            "",
                                                            end->getIterator());
        invoke->setCallingConv(call->getCallingConv());
        invoke->setAttributes(call->getAttributes());
        invoke->setDebugLoc(call->getDebugLoc());
        invoke->takeName(call);
        call->replaceAllUsesWith(invoke);
        call->eraseFromParent();
        end->eraseFromParent();
    }
    placeholder->eraseFromParent();
}

}  // namespace tessera::lower
