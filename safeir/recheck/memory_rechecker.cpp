// FunctionRechecker's part for memory: the shapes of addresses, and what each access owes.
#include "safeir/check/terms.h"
#include "safeir/prove/provenance.h"
#include "safeir/recheck/function_rechecker.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

Rule bounds_rule(PointerKind kind) {
    switch (kind) {
    case PointerKind::Frame:
        return Rule::FrameBounds;
    case PointerKind::Table:
        return Rule::TableBounds;
    default:
        return Rule::SliceBounds;
    }
}

}  // namespace

bool FunctionRechecker::check_address(llvm::GetElementPtrInst& address) {
    const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(address.getPointerOperand());
    if (table != nullptr && is_function_table(*table)) {
        // Its uses are loads, which check_load examines.
        return true;
    }
    if (provenance_of(&address, function_)) {
        return true;
    }
    const llvm::Value* base = address.getPointerOperand();
    const auto* inner = llvm::dyn_cast<llvm::GetElementPtrInst>(base);
    const bool arena =
        base == function_.getArg(0) || (inner != nullptr && inner->getPointerOperand() == function_.getArg(0));
    return refuse(arena ? Rule::ArenaAddress : Rule::Provenance, &address);
}

bool FunctionRechecker::check_alloca(llvm::AllocaInst& object) {
    const auto* array = llvm::dyn_cast<llvm::ArrayType>(object.getAllocatedType());
    if (array == nullptr || !array->getElementType()->isIntegerTy(8) || object.isArrayAllocation() ||
        object.isUsedWithInAlloca() || object.isSwiftError() || object.getParent() != &function_.getEntryBlock() ||
        object.getAlign().value() > 64) {
        return refuse(Rule::Frame, &object);
    }
    const std::uint64_t bytes = array->getNumElements();
    if (bytes == 0 || bytes > limits_.frame_bytes - frame_bytes_) {
        return refuse(Rule::Frame, &object, fmt::format("more than {} bytes", limits_.frame_bytes));
    }
    frame_bytes_ += bytes;
    const auto* zeroing = llvm::dyn_cast_or_null<llvm::MemSetInst>(object.getNextNode());
    if (zeroing == nullptr || !known_.is_intrinsic(*zeroing->getCalledFunction()) ||
        !llvm::isa<llvm::ConstantInt>(zeroing->getArgOperand(3))) {
        return refuse(Rule::Frame, &object, "not zeroed");
    }
    const auto* value = llvm::dyn_cast<llvm::ConstantInt>(zeroing->getValue());
    const auto* length = llvm::dyn_cast<llvm::ConstantInt>(zeroing->getLength());
    const bool zeroed = value != nullptr && value->isZero() && length != nullptr && length->getValue() == bytes &&
                        zeroing->getRawDest() == &object && !zeroing->isVolatile();
    return zeroed || refuse(Rule::Frame, &object, "not zeroed");
}

bool FunctionRechecker::check_load(llvm::LoadInst& load) {
    if (load.getType()->isPointerTy()) {
        // A function pointer out of a table, used by calls alone.
        if (table_function_type(&load) == nullptr) {
            const auto* slot = llvm::dyn_cast<llvm::GetElementPtrInst>(load.getPointerOperand());
            const auto* table =
                slot != nullptr ? llvm::dyn_cast<llvm::GlobalVariable>(slot->getPointerOperand()) : nullptr;
            return refuse(table != nullptr && is_function_table(*table) ? Rule::IndirectCall : Rule::MemoryType, &load);
        }
        const bool plain = !load.isVolatile() && !load.isAtomic() && load.getAlign().value() <= 8;
        return plain || refuse(Rule::AccessShape, &load);
    }
    if (load.isAtomic()) {
        if (load.isVolatile() || load.getSyncScopeID() != llvm::SyncScope::System) {
            return refuse(Rule::Atomic, &load);
        }
        return check_atomic(load, load.getPointerOperand(), load.getType(), load.getOrdering(), load.getAlign());
    }
    if (load.isVolatile() || load.getAlign().value() != 1) {
        return refuse(Rule::AccessShape, &load);
    }
    return check_access(load, load.getPointerOperand(), load.getType(), false);
}

bool FunctionRechecker::check_store(llvm::StoreInst& store) {
    llvm::Type* type = store.getValueOperand()->getType();
    if (store.isAtomic()) {
        if (store.isVolatile() || store.getSyncScopeID() != llvm::SyncScope::System) {
            return refuse(Rule::Atomic, &store);
        }
        return check_atomic(store, store.getPointerOperand(), type, store.getOrdering(), store.getAlign());
    }
    if (store.isVolatile() || store.getAlign().value() != 1) {
        return refuse(Rule::AccessShape, &store);
    }
    return check_access(store, store.getPointerOperand(), type, true);
}

bool FunctionRechecker::check_access(llvm::Instruction& access, llvm::Value* pointer, llvm::Type* type, bool is_store) {
    if (!KnownTypes::is_memory(type)) {
        return refuse(Rule::MemoryType, &access);
    }
    const auto from = provenance_of(pointer, function_);
    if (!from) {
        return refuse(pointer == function_.getArg(0) ? Rule::ArenaAddress : Rule::Provenance, &access);
    }
    if (from->kind == PointerKind::Arena) {
        return true;
    }
    if (is_store && from->kind == PointerKind::Table) {
        return refuse(Rule::TableBounds, &access);
    }
    if (is_store && from->kind == PointerKind::SliceRo) {
        return refuse(Rule::SliceReadOnly, &access);
    }
    const std::uint64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
    const Obligation obligation{bounds_rule(from->kind),
                                &access,
                                from->variable,
                                from->constant + bytes,
                                from->length != nullptr ? slice_length_key(from->length) : nullptr,
                                from->size};
    if (!holds_by_range(obligation)) {
        obligations_.push_back(obligation);
    }
    return true;
}

// The arena's base is aligned to a page, so an offset that is masked to the width is an aligned address.
bool FunctionRechecker::check_atomic(llvm::Instruction& access,
                                     llvm::Value* pointer,
                                     llvm::Type* type,
                                     llvm::AtomicOrdering ordering,
                                     llvm::Align alignment) {
    const unsigned bits = type->isIntegerTy() ? type->getIntegerBitWidth() : 0;
    if ((bits != 8 && bits != 16 && bits != 32 && bits != 64) || alignment.value() != bits / 8 ||
        ordering == llvm::AtomicOrdering::NotAtomic || ordering == llvm::AtomicOrdering::Unordered) {
        return refuse(Rule::Atomic, &access);
    }
    const auto from = provenance_of(pointer, function_);
    if (!from || from->kind != PointerKind::Arena || from->constant % (bits / 8) != 0) {
        return refuse(Rule::Atomic, &access);
    }
    if (from->variable == nullptr || bits == 8) {
        return true;
    }
    const auto* extended = llvm::dyn_cast<llvm::ZExtInst>(from->variable);
    const auto* mask = extended != nullptr ? llvm::dyn_cast<llvm::BinaryOperator>(extended->getOperand(0)) : nullptr;
    const auto* number = mask != nullptr && mask->getOpcode() == llvm::Instruction::And
                             ? llvm::dyn_cast<llvm::ConstantInt>(mask->getOperand(1))
                             : nullptr;
    const bool aligned =
        number != nullptr && number->getValue().countr_zero() >= static_cast<unsigned>(llvm::Log2(alignment));
    return aligned || refuse(Rule::Atomic, &access, "offset not masked");
}

}  // namespace tessera::safeir
