#include "safeir/lower/unit/by_value.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace tessera::lower {

static void copy_argument(llvm::CallInst& call, unsigned i, llvm::Type* type) {
    llvm::Function& function = *call.getFunction();
    const llvm::DataLayout& data = function.getParent()->getDataLayout();
    const llvm::Align align = std::max(data.getABITypeAlign(type), call.getParamAlign(i).valueOrOne());
    llvm::IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    llvm::AllocaInst* copy = entry.CreateAlloca(type, nullptr, "by.value");
    copy->setAlignment(align);
    llvm::IRBuilder<> b(&call);
    b.CreateMemCpy(
        copy, align, call.getArgOperand(i), call.getParamAlign(i), data.getTypeAllocSize(type).getFixedValue());
    call.setArgOperand(i, copy);
    call.removeParamAttr(i, llvm::Attribute::ByVal);
}

enum class Which : unsigned char { All, Variadic };

static void copy_arguments(llvm::Function& function, Which which) {
    const bool variadic = which == Which::Variadic;
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
        auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
        if (call == nullptr || (variadic && !call->getFunctionType()->isVarArg())) {
            continue;
        }
        for (unsigned i = variadic ? call->getFunctionType()->getNumParams() : 0; i < call->arg_size(); ++i) {
            if (llvm::Type* type = call->getAttributes().getParamByValType(i)) {
                copy_argument(*call, i, type);
            }
        }
    }
}

void copy_variadic_arguments(llvm::Module& unit) {
    for (llvm::Function& function : unit) {
        copy_arguments(function, Which::Variadic);
    }
}

void copy_by_value_arguments(llvm::Module& program) {
    for (llvm::Function& function : program) {
        for (llvm::Argument& argument : function.args()) {
            function.removeParamAttr(argument.getArgNo(), llvm::Attribute::ByVal);
        }
        copy_arguments(function, Which::All);
    }
}

}  // namespace tessera::lower
