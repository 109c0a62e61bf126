#include "safeir/lower/base/places.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"

namespace tessera::lower {

static bool is_marked(const llvm::DISubprogram* subprogram) {
    return subprogram != nullptr && subprogram->getUnit() != nullptr &&
           subprogram->getUnit()->getFlags() == kPlacesOnly;
}

void drop_places(llvm::Module& module) {
    for (llvm::Function& function : module) {
        const bool none = function.getSubprogram() == nullptr || is_marked(function.getSubprogram());
        if (none) {
            function.setSubprogram(nullptr);
        }
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            llvm::DILocation* place = none ? nullptr : instruction.getDebugLoc().get();
            while (place != nullptr && is_marked(place->getScope()->getSubprogram())) {
                place = place->getInlinedAt();
            }
            instruction.setDebugLoc(llvm::DebugLoc(place));
        }
    }
    if (llvm::NamedMDNode* units = module.getNamedMetadata("llvm.dbg.cu")) {
        llvm::SmallVector<llvm::MDNode*> kept;
        for (llvm::MDNode* unit : units->operands()) {
            if (llvm::cast<llvm::DICompileUnit>(unit)->getFlags() != kPlacesOnly) {
                kept.push_back(unit);
            }
        }
        units->clearOperands();
        for (llvm::MDNode* unit : kept) {
            units->addOperand(unit);
        }
        if (kept.empty()) {
            units->eraseFromParent();
        }
    }
}

}  // namespace tessera::lower
