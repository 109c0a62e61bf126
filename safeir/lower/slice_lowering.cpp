// FunctionLowering's part for borrowed slices: the accessors of tessera/slice.h become checked loads and stores.
#include "safeir/lower/function_lowering.h"
#include "safeir/lower/prepare.h"
#include "safeir/lower/traps.h"

#include "llvm/Transforms/Utils/Local.h"

namespace tessera::lower {

// The type that an accessor moves, by its name: load32, store64, loadf64 and so on. Null for other names.
static llvm::Type* moved_type(llvm::IRBuilderBase& b, llvm::StringRef name) {
    if (!name.consume_front("load") && !name.consume_front("store")) {
        return nullptr;
    }
    if (name == "f32") {
        return b.getFloatTy();
    }
    if (name == "f64") {
        return b.getDoubleTy();
    }
    unsigned bits = 0;
    return !name.getAsInteger(10, bits) && (bits == 8 || bits == 16 || bits == 32 || bits == 64) ? b.getIntNTy(bits)
                                                                                                 : nullptr;
}

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

bool FunctionLowering::lower_slice_access(llvm::CallInst& call, llvm::Function& accessor) {
    const llvm::StringRef name = import_name_of(accessor);
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
        call_helper(name == "read" ? "slice_read" : "slice_write",
                    {slice.pointer,
                     slice.whole,
                     within(slice, offset),
                     single(call.getArgOperand(2)),
                     single(call.getArgOperand(3))});
        return true;
    }
    llvm::Type* type = moved_type(b_, name);
    if (type == nullptr) {
        return false;
    }
    llvm::Value* offset = wide(1);
    const std::uint64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
    if (slice.offset != nullptr) {
        require(offset, bytes, slice.length);
        offset = within(slice, offset);
    }
    require(offset, bytes, slice.whole);
    llvm::Value* at = b_.CreateGEP(b_.getInt8Ty(), slice.pointer, offset);
    slice_needs_.back().address = at;
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
