// FunctionLowering's part for borrowed slices: the accessors of tessera/slice.h become checked loads and stores.
#include "safeir/lower/function_lowering.h"

#include "safeir/lower/prepare.h"
#include "safeir/lower/traps.h"

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
    return !name.getAsInteger(10, bits) && (bits == 8 || bits == 16 || bits == 32 || bits == 64) ? b.getIntNTy(bits) : nullptr;
}

// Goes on where the condition holds: the checker takes its facts from this branch.
void FunctionLowering::require(llvm::Value* condition) {
    llvm::BasicBlock* inside = llvm::BasicBlock::Create(program_.context, "", &target_);
    llvm::BasicBlock* outside = llvm::BasicBlock::Create(program_.context, "outside", &target_);
    b_.CreateCondBr(condition, inside, outside);
    b_.SetInsertPoint(outside);
    trap(kTrapSliceBounds);
    b_.SetInsertPoint(inside);
}

bool FunctionLowering::lower_slice_access(llvm::CallInst& call, llvm::Function& accessor) {
    const llvm::StringRef name = import_name_of(accessor);
    const Values slice = value(call.getArgOperand(0));
    if (slice.size() != 2) {
        refuse(call, "a capability is used as a borrowed slice");
        define_zero(call);
        return true;
    }
    llvm::Value* pointer = slice[0];
    llvm::Value* length = slice[1];
    const auto wide = [&](unsigned i) { return b_.CreateZExtOrTrunc(single(call.getArgOperand(i)), b_.getInt64Ty()); };
    if (name == "length") {
        define(call, {b_.CreateZExtOrTrunc(length, program_.shapes.scalar(call.getType()))});
        return true;
    }
    if (name == "read" || name == "write") {
        llvm::Value* offset = wide(1);
        call_helper(name == "read" ? "slice_read" : "slice_write", {pointer, length, offset, single(call.getArgOperand(2)), single(call.getArgOperand(3))});
        return true;
    }
    if (name == "sub") {
        // offset and length are below 2^32, so their sum does not wrap.
        llvm::Value* offset = wide(1);
        llvm::Value* part = wide(2);
        require(b_.CreateICmpULE(b_.CreateAdd(offset, part), length));
        values_[&call] = {b_.CreateGEP(b_.getInt8Ty(), pointer, offset), part};
        return true;
    }
    llvm::Type* type = moved_type(b_, name);
    if (type == nullptr) {
        return false;
    }
    llvm::Value* offset = wide(1);
    const std::uint64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
    llvm::Value* end = b_.CreateAdd(offset, b_.getInt64(bytes));
    require(b_.CreateICmpULE(end, length));
    llvm::Value* at = b_.CreateGEP(b_.getInt8Ty(), pointer, offset);
    if (name.starts_with("load")) {
        llvm::Value* loaded = b_.CreateAlignedLoad(type, at, llvm::Align(1));
        llvm::Type* wanted = program_.shapes.scalar(call.getType());
        define(call, {wanted == type ? loaded : b_.CreateZExtOrTrunc(loaded, wanted)});
    } else {
        llvm::Value* stored = single(call.getArgOperand(2));
        b_.CreateAlignedStore(stored->getType() == type ? stored : b_.CreateZExtOrTrunc(stored, type), at, llvm::Align(1));
    }
    return true;
}

}  // namespace tessera::lower
