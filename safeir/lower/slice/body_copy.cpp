#include "safeir/lower/slice/body_copy.h"

#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace tessera::lower {

// The body alone, with the very metadata of the original: lines, scopes and loops are the function's own after all.
BodyCopy::BodyCopy(llvm::Function& function)
    : function_(function), copy_(*llvm::Function::Create(function.getFunctionType(),
                                                         llvm::GlobalValue::InternalLinkage,
                                                         function.getAddressSpace(),
                                                         "tessera.copy",
                                                         function.getParent())) {
    llvm::ValueToValueMapTy copies;
    for (auto [argument, copied] : llvm::zip_equal(function.args(), copy_.args())) {
        copies[&argument] = &copied;
    }
    llvm::SmallVector<llvm::ReturnInst*, 4> returns;
    llvm::CloneFunctionBodyInto(copy_, function, copies, llvm::RF_NoModuleLevelChanges, returns);
}

BodyCopy::~BodyCopy() { copy_.eraseFromParent(); }

void BodyCopy::put_back() {
    for (llvm::BasicBlock& block : function_) {
        block.dropAllReferences();
    }
    while (!function_.empty()) {
        function_.back().eraseFromParent();
    }
    function_.splice(function_.end(), &copy_);
    for (auto [copied, argument] : llvm::zip_equal(copy_.args(), function_.args())) {
        copied.replaceAllUsesWith(&argument);
    }
}

}  // namespace tessera::lower
