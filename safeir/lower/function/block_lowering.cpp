// FunctionLowering's part for block copies and fills, and for atomic operations.
#include "safeir/lower/function/function_lowering.h"

namespace tessera::lower {

// The types that cover `bytes`, widest first; the last may overlap none.
static llvm::SmallVector<std::pair<llvm::Type*, std::uint64_t>, 8> cover(llvm::IRBuilderBase& b, std::uint64_t bytes) {
    llvm::SmallVector<std::pair<llvm::Type*, std::uint64_t>, 8> pieces;
    std::uint64_t at = 0;
    const auto take = [&](llvm::Type* type, std::uint64_t width) {
        for (; bytes - at >= width; at += width) {
            pieces.emplace_back(type, at);
        }
    };
    take(llvm::FixedVectorType::get(b.getInt64Ty(), 2), 16);
    take(b.getInt64Ty(), 8);
    take(b.getInt32Ty(), 4);
    take(b.getInt16Ty(), 2);
    take(b.getInt8Ty(), 1);
    return pieces;
}

void FunctionLowering::lower_copy(llvm::MemTransferInst& copy) {
    const Address to = address_of(copy.getRawDest());
    const Address from = address_of(copy.getRawSource());
    if (const auto* length = llvm::dyn_cast<llvm::ConstantInt>(copy.getLength());
        length != nullptr && length->getZExtValue() <= kInlineBytesMax) {
        Values loaded;  // all before the first store: the blocks may overlap
        const auto pieces = cover(b_, length->getZExtValue());
        for (const auto& [type, offset] : pieces) {
            loaded.push_back(b_.CreateAlignedLoad(type, pointer_to(from, offset), llvm::Align(1)));
        }
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            b_.CreateAlignedStore(loaded[i], pointer_to(to, pieces[i].second), llvm::Align(1));
        }
        return;
    }
    llvm::Value* length = b_.CreateZExtOrTrunc(single(copy.getLength()), b_.getInt32Ty());
    call_helper("memmove", {offset_of(materialise(to)), offset_of(materialise(from)), length});
}

void FunctionLowering::lower_fill(llvm::MemSetInst& fill) {
    const Address to = address_of(fill.getRawDest());
    llvm::Value* byte = single(fill.getValue());
    if (const auto* length = llvm::dyn_cast<llvm::ConstantInt>(fill.getLength());
        length != nullptr && (to.frame != nullptr || length->getZExtValue() <= kInlineBytesMax)) {
        for (const auto& [type, offset] : cover(b_, length->getZExtValue())) {
            llvm::Value* filled = byte;
            if (type->isVectorTy()) {
                filled = b_.CreateBitCast(b_.CreateVectorSplat(16, byte), type);
            } else if (!type->isIntegerTy(8)) {
                const unsigned width = type->getIntegerBitWidth();
                filled = b_.CreateMul(b_.CreateZExt(byte, type),
                                      llvm::ConstantInt::get(type, llvm::APInt::getSplat(width, llvm::APInt(8, 1))));
            }
            b_.CreateAlignedStore(filled, pointer_to(to, offset), llvm::Align(1));
        }
        return;
    }
    llvm::Value* length = b_.CreateZExtOrTrunc(single(fill.getLength()), b_.getInt32Ty());
    call_helper("memset", {offset_of(materialise(to)), b_.CreateZExt(byte, b_.getInt32Ty()), length});
}

// ---- atomic operations: at an offset without a constant, so that the reader can mask it to natural alignment ----

llvm::Value* FunctionLowering::atomic_pointer(llvm::Value* pointer) {
    return pointer_to({materialise(address_of(pointer)), 0});
}

// The integer that an atomic access moves for a value of this type; null when there is none.
static llvm::IntegerType* atomic_carrier(const llvm::DataLayout& data, llvm::Type* type) {
    const std::uint64_t bits = data.getTypeSizeInBits(type).getFixedValue();
    const bool simple = type->isIntegerTy() || type->isFloatTy() || type->isDoubleTy() || type->isPointerTy();
    return simple && (bits == 8 || bits == 16 || bits == 32 || bits == 64)
               ? llvm::IntegerType::get(type->getContext(), static_cast<unsigned>(bits))
               : nullptr;
}

static llvm::AtomicOrdering at_least_monotonic(llvm::AtomicOrdering ordering) {
    return ordering == llvm::AtomicOrdering::Unordered ? llvm::AtomicOrdering::Monotonic : ordering;
}

void FunctionLowering::lower_atomic_load(llvm::LoadInst& instruction) {
    llvm::IntegerType* carrier = atomic_carrier(source_.getDataLayout(), instruction.getType());
    if (carrier == nullptr) {
        refuse(instruction, "an atomic access that is not 1, 2, 4 or 8 bytes wide");
        return define_zero(instruction);
    }
    llvm::LoadInst* loaded = b_.CreateAlignedLoad(
        carrier, atomic_pointer(instruction.getPointerOperand()), llvm::Align(carrier->getBitWidth() / 8));
    loaded->setAtomic(at_least_monotonic(instruction.getOrdering()));
    define(instruction, {b_.CreateBitCast(loaded, program_.shapes.scalar(instruction.getType()))});
}

void FunctionLowering::lower_atomic_store(llvm::StoreInst& instruction) {
    llvm::Type* type = instruction.getValueOperand()->getType();
    llvm::IntegerType* carrier = atomic_carrier(source_.getDataLayout(), type);
    if (carrier == nullptr) {
        return refuse(instruction, "an atomic access that is not 1, 2, 4 or 8 bytes wide");
    }
    llvm::Value* stored = b_.CreateBitCast(single(instruction.getValueOperand()), carrier);
    b_.CreateAlignedStore(
          stored, atomic_pointer(instruction.getPointerOperand()), llvm::Align(carrier->getBitWidth() / 8))
        ->setAtomic(at_least_monotonic(instruction.getOrdering()));
}

void FunctionLowering::lower_atomic_rmw(llvm::AtomicRMWInst& instruction) {
    llvm::IntegerType* carrier = atomic_carrier(source_.getDataLayout(), instruction.getType());
    if (carrier == nullptr) {
        refuse(instruction, "an atomic access that is not 1, 2, 4 or 8 bytes wide");
        return define_zero(instruction);
    }
    llvm::Value* operand = b_.CreateBitCast(single(instruction.getValOperand()), carrier);
    llvm::Value* old = b_.CreateAtomicRMW(instruction.getOperation(),
                                          atomic_pointer(instruction.getPointerOperand()),
                                          operand,
                                          llvm::MaybeAlign(carrier->getBitWidth() / 8),
                                          instruction.getOrdering());
    define(instruction, {b_.CreateBitCast(old, program_.shapes.scalar(instruction.getType()))});
}

void FunctionLowering::lower_compare_exchange(llvm::AtomicCmpXchgInst& instruction) {
    llvm::IntegerType* carrier = atomic_carrier(source_.getDataLayout(), instruction.getCompareOperand()->getType());
    if (carrier == nullptr) {
        refuse(instruction, "an atomic access that is not 1, 2, 4 or 8 bytes wide");
        return define_zero(instruction);
    }
    llvm::Value* pair = b_.CreateAtomicCmpXchg(atomic_pointer(instruction.getPointerOperand()),
                                               single(instruction.getCompareOperand()),
                                               single(instruction.getNewValOperand()),
                                               llvm::MaybeAlign(carrier->getBitWidth() / 8),
                                               instruction.getSuccessOrdering(),
                                               instruction.getFailureOrdering());
    define(instruction, {b_.CreateExtractValue(pair, 0), b_.CreateExtractValue(pair, 1)});
}

}  // namespace tessera::lower
