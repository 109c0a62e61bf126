#include "safeir/lower/program/expand_atomics.h"

#include "llvm/CodeGen/AtomicExpandUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {

static bool is_simple(llvm::AtomicRMWInst::BinOp operation) {
    switch (operation) {
    case llvm::AtomicRMWInst::Xchg:
    case llvm::AtomicRMWInst::Add:
    case llvm::AtomicRMWInst::Sub:
    case llvm::AtomicRMWInst::And:
    case llvm::AtomicRMWInst::Or:
    case llvm::AtomicRMWInst::Xor:
    case llvm::AtomicRMWInst::Max:
    case llvm::AtomicRMWInst::Min:
    case llvm::AtomicRMWInst::UMax:
    case llvm::AtomicRMWInst::UMin:
        return true;
    default:
        return false;
    }
}

// The compare-exchange itself, on integers.
static void exchange(llvm::IRBuilderBase& b,
                     llvm::Value* address,
                     llvm::Value* loaded,
                     llvm::Value* wanted,
                     llvm::Align align,
                     llvm::AtomicOrdering ordering,
                     llvm::SyncScope::ID scope,
                     llvm::Value*& success,
                     llvm::Value*& seen,
                     llvm::Instruction*) {
    llvm::Type* type = loaded->getType();
    llvm::Type* integer = b.getIntNTy(static_cast<unsigned>(type->getPrimitiveSizeInBits().getFixedValue()));
    llvm::Value* pair = b.CreateAtomicCmpXchg(address,
                                              b.CreateBitCast(loaded, integer),
                                              b.CreateBitCast(wanted, integer),
                                              align,
                                              ordering,
                                              llvm::AtomicCmpXchgInst::getStrongestFailureOrdering(ordering),
                                              scope);
    success = b.CreateExtractValue(pair, 1);
    seen = b.CreateBitCast(b.CreateExtractValue(pair, 0), type);
}

void expand_atomics(llvm::Module& program) {
    llvm::SmallVector<llvm::AtomicRMWInst*> operations;
    for (llvm::Function& function : program) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            auto* operation = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction);
            if (operation != nullptr && !is_simple(operation->getOperation()) && !operation->getType()->isVectorTy()) {
                operations.push_back(operation);
            }
        }
    }
    for (llvm::AtomicRMWInst* operation : operations) {
        llvm::expandAtomicRMWToCmpXchg(operation, exchange);
    }
}

}  // namespace tessera::lower
