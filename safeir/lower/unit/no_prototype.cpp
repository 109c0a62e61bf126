#include "safeir/lower/unit/no_prototype.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {

// A variadic function of C has a parameter before the dots, so a type that has none came from a missing prototype.
static bool lacks_prototype(const llvm::FunctionType* type) { return type->isVarArg() && type->getNumParams() == 0; }

void give_prototypes(llvm::Module& module) {
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
            if (call == nullptr || !lacks_prototype(call->getFunctionType())) {
                continue;
            }
            const auto* callee = llvm::dyn_cast<llvm::Function>(call->getCalledOperand());
            if (callee != nullptr && !callee->isDeclaration() && callee->isVarArg()) {
                continue;  // C++ and C23 have such functions; this is one
            }
            llvm::SmallVector<llvm::Type*> types;
            for (const llvm::Use& argument : call->args()) {
                types.push_back(argument->getType());
            }
            call->mutateFunctionType(llvm::FunctionType::get(call->getType(), types, false));
        }
    }
    // A declaration takes the type of a call of it; the linker replaces it by the definition anyway.
    for (llvm::Function& function : llvm::make_early_inc_range(module)) {
        if (!function.isDeclaration() || !lacks_prototype(function.getFunctionType())) {
            continue;
        }
        llvm::FunctionType* type = llvm::FunctionType::get(function.getReturnType(), false);
        for (const llvm::User* user : function.users()) {
            const auto* call = llvm::dyn_cast<llvm::CallInst>(user);
            type = call != nullptr && call->getCalledOperand() == &function ? call->getFunctionType() : type;
        }
        auto* typed = llvm::Function::Create(type, function.getLinkage(), "", module);
        typed->copyAttributesFrom(&function);
        typed->takeName(&function);
        function.replaceAllUsesWith(typed);
        function.eraseFromParent();
    }
}

}  // namespace tessera::lower
