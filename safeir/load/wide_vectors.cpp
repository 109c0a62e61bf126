#include "safeir/load/wide_vectors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::safeir {
namespace {

constexpr unsigned kYmmBits = 256;

bool is_wide(const llvm::Type* type) {
    if (type->isStructTy()) {
        return llvm::any_of(type->subtypes(), is_wide);
    }
    return type->isVectorTy() && type->getPrimitiveSizeInBits().getFixedValue() > kYmmBits;
}

bool is_wide_value(const llvm::Value* value) { return is_wide(value->getType()); }

bool only_moves(const llvm::Value* value) {
    return llvm::
        isa<llvm::ShuffleVectorInst, llvm::ExtractElementInst, llvm::LoadInst, llvm::StoreInst, llvm::Constant>(value);
}

bool works_on_wide_vectors(const llvm::Instruction& instruction) {
    if (llvm::isa<llvm::PHINode>(instruction)) {
        return is_wide_value(&instruction);
    }
    if (llvm::isa<llvm::LoadInst>(instruction)) {
        return is_wide_value(&instruction) && !llvm::all_of(instruction.users(), only_moves);
    }
    if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
        return is_wide_value(store->getValueOperand()) && !only_moves(store->getValueOperand());
    }
    return llvm::isa<llvm::CallInst>(instruction) && !llvm::isa<llvm::IntrinsicInst>(instruction) &&
           (is_wide_value(&instruction) || llvm::any_of(instruction.operands(), is_wide_value));
}

}  // namespace

bool works_on_wide_vectors(const llvm::Function& function) {
    return is_wide(function.getReturnType()) || llvm::any_of(function.getFunctionType()->params(), is_wide) ||
           llvm::any_of(llvm::instructions(function),
                        [](const llvm::Instruction& instruction) { return works_on_wide_vectors(instruction); });
}

bool is_useful(Features features, const llvm::Module& program) {
    return features < Features::X86_64_v4 ||
           llvm::any_of(
               program,
               [](const llvm::Function& function) {
                   return !function.isDeclaration() && works_on_wide_vectors(function);
               });
}

}  // namespace tessera::safeir
