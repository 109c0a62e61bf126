#include "safeir/lower/unit/main_function.h"

#include "llvm/IR/IRBuilder.h"

namespace tessera::lower {

void give_main_its_type(llvm::Module& unit) {
    llvm::Function* own = unit.getFunction("main");
    if (own == nullptr || own->isDeclaration() || own->isVarArg() || unit.getNamedAlias("__main_void") != nullptr) {
        return;  // none, or clang has given it the name that the C library calls
    }
    llvm::IRBuilder<> b(unit.getContext());
    auto* type = llvm::FunctionType::get(b.getInt32Ty(), {b.getInt32Ty(), b.getPtrTy()}, false);
    auto* outer = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "__main_argc_argv", unit);
    b.SetInsertPoint(llvm::BasicBlock::Create(unit.getContext(), "", outer));
    llvm::SmallVector<llvm::Value*, 3> arguments;
    for (llvm::Argument& parameter : own->args()) {
        const unsigned i = parameter.getArgNo();
        llvm::Value* argument = i < 2 ? static_cast<llvm::Value*>(outer->getArg(i))
                                      : b.CreateLoad(b.getPtrTy(), unit.getOrInsertGlobal("environ", b.getPtrTy()));
        const bool fits = i < 3 && argument->getType() == parameter.getType();
        arguments.push_back(fits ? argument : llvm::Constant::getNullValue(parameter.getType()));
    }
    llvm::Value* result = b.CreateCall(own, arguments);
    b.CreateRet(result->getType()->isIntegerTy(32) ? result : b.getInt32(0));
}

}  // namespace tessera::lower
