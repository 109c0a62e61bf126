#include "safeir/load/wide_phi.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace tessera::safeir {
namespace {

bool is_extended(const llvm::PHINode& phi) {
    return llvm::any_of(phi.users(), [](const llvm::User* user) {
        return llvm::isa<llvm::ZExtInst>(user) && user->getType()->isIntegerTy(64);
    });
}

bool is_loaded(const llvm::PHINode& phi) {
    const auto is_load = [](const llvm::Value* value) { return llvm::isa<llvm::LoadInst>(value); };
    return llvm::any_of(phi.incoming_values(), is_load) &&
           llvm::none_of(phi.incoming_values(),
                         [](const llvm::Value* value) { return llvm::isa<llvm::BinaryOperator>(value); });
}

void widen(llvm::PHINode& phi) {
    llvm::IRBuilder<> builder(&phi);
    auto* const wide = builder.CreatePHI(builder.getInt64Ty(), phi.getNumIncomingValues());
    for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i) {
        auto* const from = phi.getIncomingBlock(i);
        auto* const value = phi.getIncomingValue(i);
        // Several edges from one block have the very same value.
        if (const int before = wide->getBasicBlockIndex(from); before >= 0) {
            wide->addIncoming(wide->getIncomingValue(static_cast<unsigned>(before)), from);
            continue;
        }
        auto* const load = llvm::dyn_cast<llvm::LoadInst>(value);
        builder.SetInsertPoint(load != nullptr ? load->getNextNode() : from->getTerminator());
        wide->addIncoming(builder.CreateZExt(value, builder.getInt64Ty()), from);
    }
    builder.SetInsertPoint(phi.getParent(), phi.getParent()->getFirstInsertionPt());
    auto* const narrow = builder.CreateTrunc(wide, phi.getType());
    for (auto* user : llvm::make_early_inc_range(phi.users())) {
        if (auto* extension = llvm::dyn_cast<llvm::ZExtInst>(user);
            extension != nullptr && extension->getType() == wide->getType()) {
            extension->replaceAllUsesWith(wide);
            extension->eraseFromParent();
        }
    }
    phi.replaceAllUsesWith(narrow);
    phi.eraseFromParent();
}

}  // namespace

void widen_loaded_phis(llvm::Module& module) {
    for (auto& function : module) {
        for (auto& block : function) {
            for (auto& phi : llvm::make_early_inc_range(block.phis())) {
                if (phi.getType()->isIntegerTy(32) && is_extended(phi) && is_loaded(phi)) {
                    widen(phi);
                }
            }
        }
    }
}

}  // namespace tessera::safeir
