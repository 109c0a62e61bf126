// FunctionLowering's part for borrowed slices: the accessors of tessera/slice.h become checked loads and stores.
#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/traps.h"
#include "safeir/lower/function/function_lowering.h"
#include "safeir/lower/slice/slice_accessors.h"
#include "safeir/wire/format.h"

#include "llvm/Transforms/Utils/Local.h"

namespace tessera::lower {

// Notes that variable + constant <= bound has to hold here: prove_slices sees to it.
void FunctionLowering::require(llvm::Value* variable, std::uint64_t constant, llvm::Value* bound) {
    llvm::Instruction* anchor = b_.CreateIntrinsic(llvm::Intrinsic::donothing, llvm::ArrayRef<llvm::Type*>(), {});
    slice_needs_.push_back({anchor, variable, constant, bound});
}

void FunctionLowering::check_slices() {
    if (slice_needs_.empty()) {
        return;
    }
    llvm::removeUnreachableBlocks(target_);
    prove_slices(target_, slice_needs_, [&](const llvm::DebugLoc& where) {
        llvm::BasicBlock* outside = llvm::BasicBlock::Create(program_.context, "outside", &target_);
        b_.SetInsertPoint(outside);
        b_.SetCurrentDebugLocation(where);
        trap(kTrapSliceBounds);
        return outside;
    });
}

FunctionLowering::SlicePart FunctionLowering::slice_part(llvm::Value* source) {
    if (const auto part = slice_parts_.find(source); part != slice_parts_.end()) {
        return part->second;
    }
    const Values whole = value(source);
    return {whole[0], whole[1], nullptr, whole[1]};
}

llvm::Value* FunctionLowering::wide_offset(llvm::Value* source) {
    return b_.CreateZExtOrTrunc(single(source), b_.getInt64Ty());
}

// What the accessors call an offset is 32 bits wide, so sums of a few of them do not wrap.
llvm::Value* FunctionLowering::within(const SlicePart& part, llvm::Value* offset) {
    return part.offset == nullptr ? offset : b_.CreateAdd(part.offset, offset);
}

// An offset that no slice reaches traps, and what would be accessed there is any byte: safe IR can't say the address.
llvm::Value* FunctionLowering::sayable(llvm::Value* offset, std::uint64_t bytes, llvm::Value* length) {
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(offset);
    if (number == nullptr || number->getValue().ule(safeir::wire::kSliceBytesMax)) {
        return offset;
    }
    require(b_.getInt64(safeir::wire::kSliceBytesMax), bytes, length);
    return b_.getInt64(0);
}

// A part of a slice is kept as the slice that the checker knows, an offset into it and a length of its own: each access
// is compared with both lengths.
void FunctionLowering::lower_slice_part(llvm::CallInst& call, bool to_the_end) {
    const SlicePart from = slice_part(call.getArgOperand(0));
    llvm::Value* offset = wide_offset(call.getArgOperand(1));
    SlicePart part{from.pointer, from.whole, within(from, offset), nullptr};
    if (to_the_end) {
        require(offset, 0, from.length);
        require(part.offset, 0, from.whole);
        part.length = from.length == from.whole || from.is_rest ? b_.CreateSub(from.whole, part.offset)
                                                                : b_.CreateSub(from.length, offset);
        part.is_rest = from.length == from.whole || from.is_rest;
    } else {
        part.length = wide_offset(call.getArgOperand(2));
        require(b_.CreateAdd(offset, part.length), 0, from.length);
        require(b_.CreateAdd(part.offset, part.length), 0, from.whole);
    }
    values_[&call] = {b_.CreateGEP(b_.getInt8Ty(), part.pointer, part.offset), part.length};
    slice_parts_[&call] = part;
}

// The checker follows the whole, the rest from an offset, the beginning, and a stretch of constant length.
bool FunctionLowering::can_be_passed(const SlicePart& part) {
    const auto* start = llvm::dyn_cast_or_null<llvm::ConstantInt>(part.offset);
    return part.offset == nullptr || part.is_rest || (start != nullptr && start->isZero()) ||
           llvm::isa<llvm::ConstantInt>(part.length);
}

// One access for each part of what is moved.
bool FunctionLowering::lower_vector_access(llvm::CallInst& call, const SlicePart& slice, bool loads) {
    const unsigned operands = loads ? 3 : 4;
    llvm::Type* type = call.arg_size() != operands ? nullptr
                       : loads                     ? call.getType()
                                                   : call.getArgOperand(3)->getType();
    const auto* further = llvm::dyn_cast<llvm::ConstantInt>(call.getArgOperand(2));
    if (type == nullptr || further == nullptr || !type->getScalarType()->isSingleValueType() ||
        type->isPtrOrPtrVectorTy() || type->getScalarSizeInBits() % 8 != 0) {
        return false;
    }
    llvm::Value* offset = wide_offset(call.getArgOperand(1));
    const std::uint64_t bytes = source_.getDataLayout().getTypeStoreSize(type).getFixedValue();
    std::uint64_t at = further->getZExtValue();
    if (slice.offset != nullptr) {
        require(offset, at + bytes, slice.length);
        offset = within(slice, offset);
    }
    offset = sayable(offset, at + bytes, slice.whole);
    llvm::Value* start = b_.CreateGEP(b_.getInt8Ty(), slice.pointer, offset);
    Values parts = loads ? Values() : value(call.getArgOperand(3));
    unsigned part = 0;
    for (llvm::Type* each : program_.shapes.parts(type)) {
        const std::uint64_t size = each->getPrimitiveSizeInBits().getFixedValue() / 8;
        require(offset, at + size, slice.whole);
        slice_needs_.back().is_access = true;
        llvm::Value* address = at == 0 ? start : b_.CreateGEP(b_.getInt8Ty(), start, b_.getInt64(at));
        if (loads) {
            parts.push_back(b_.CreateAlignedLoad(each, address, llvm::Align(1)));
        } else {
            b_.CreateAlignedStore(parts[part++], address, llvm::Align(1));
        }
        at += size;
    }
    if (loads) {
        define(call, std::move(parts));
    }
    return true;
}

bool FunctionLowering::lower_slice_access(llvm::CallInst& call, llvm::Function& accessor) {
    const llvm::StringRef name = import_name_of(accessor);
    if (name == kAssured) {
        const auto* more = llvm::dyn_cast<llvm::ConstantInt>(call.getArgOperand(1));
        if (more == nullptr) {
            return false;
        }
        require(wide_offset(call.getArgOperand(0)), more->getZExtValue(), wide_offset(call.getArgOperand(2)));
        slice_needs_.back().helps = true;
        return true;
    }
    if (value(call.getArgOperand(0)).size() != 2) {
        refuse(call, "a capability is used as a borrowed slice");
        define_zero(call);
        return true;
    }
    const auto wide = [&](unsigned i) { return wide_offset(call.getArgOperand(i)); };
    if (name == "sub" || name == "from") {
        lower_slice_part(call, name == "from");
        return true;
    }
    const SlicePart slice = slice_part(call.getArgOperand(0));
    if (name == "length") {
        define(call, {b_.CreateZExtOrTrunc(slice.length, program_.shapes.scalar(call.getType()))});
        return true;
    }
    if (name == "read" || name == "write") {
        llvm::Value* offset = wide(1);
        if (slice.offset != nullptr) {
            require(b_.CreateAdd(offset, wide(3)), 0, slice.length);
        }
        // A length of 64 bits that is too large for 32 is outside of any slice.
        llvm::Value* length = single(call.getArgOperand(3));
        if (length->getType()->isIntegerTy(64)) {
            length =
                b_.CreateTrunc(b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, length, b_.getInt64(~std::uint32_t{0})),
                               b_.getInt32Ty());
        }
        call_helper(
            name == "read" ? "slice_read" : "slice_write",
            {slice.pointer, slice.whole, within(slice, offset), offset_of(single(call.getArgOperand(2))), length});
        return true;
    }
    if (name == kApart) {
        const SlicePart other = slice_part(call.getArgOperand(1));
        define(call, {call_helper("slice_apart", {slice.pointer, slice.whole, other.pointer, other.whole})});
        return true;
    }
    if (name == kLoadAny || name == kStoreAny) {
        return lower_vector_access(call, slice, name == kLoadAny);
    }
    llvm::Type* type = moved_type(program_.context, name);
    if (type == nullptr) {
        return false;
    }
    llvm::Value* offset = wide(1);
    const std::uint64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
    if (slice.offset != nullptr) {
        require(offset, bytes, slice.length);
        offset = within(slice, offset);
    }
    offset = sayable(offset, bytes, slice.whole);
    require(offset, bytes, slice.whole);
    llvm::Value* at = b_.CreateGEP(b_.getInt8Ty(), slice.pointer, offset);
    slice_needs_.back().address = at;
    slice_needs_.back().is_access = true;
    if (name.starts_with("load")) {
        llvm::Value* loaded = b_.CreateAlignedLoad(type, at, llvm::Align(1));
        llvm::Type* wanted = program_.shapes.scalar(call.getType());
        define(call, {wanted == type ? loaded : b_.CreateZExtOrTrunc(loaded, wanted)});
    } else {
        llvm::Value* stored = single(call.getArgOperand(2));
        b_.CreateAlignedStore(
            stored->getType() == type ? stored : b_.CreateZExtOrTrunc(stored, type), at, llvm::Align(1));
    }
    return true;
}

}  // namespace tessera::lower
