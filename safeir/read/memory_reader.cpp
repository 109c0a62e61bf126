// FunctionReader's part for memory: addresses are built here, from a base that the program never holds as a number.
#include "safeir/read/function_reader.h"

#include "llvm/IR/Constants.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

const llvm::Align kByteAligned{1};

std::optional<llvm::AtomicOrdering> ordering_of(std::uint8_t code) {
    switch (code) {
    case wire::kMonotonic:
        return llvm::AtomicOrdering::Monotonic;
    case wire::kAcquire:
        return llvm::AtomicOrdering::Acquire;
    case wire::kRelease:
        return llvm::AtomicOrdering::Release;
    case wire::kAcqRel:
        return llvm::AtomicOrdering::AcquireRelease;
    case wire::kSeqCst:
        return llvm::AtomicOrdering::SequentiallyConsistent;
    default:
        return std::nullopt;
    }
}

bool is_release(llvm::AtomicOrdering ordering) {
    return ordering == llvm::AtomicOrdering::Release || ordering == llvm::AtomicOrdering::AcquireRelease;
}

bool is_acquire(llvm::AtomicOrdering ordering) {
    return ordering == llvm::AtomicOrdering::Acquire || ordering == llvm::AtomicOrdering::AcquireRelease;
}

bool is_word(llvm::Type* type) {
    return type->isIntegerTy(8) || type->isIntegerTy(16) || type->isIntegerTy(32) || type->isIntegerTy(64);
}

}  // namespace

llvm::Value* FunctionReader::arena_address(llvm::Value* offset, std::uint32_t displacement) {
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(offset)) {
        return builder_.CreatePtrAdd(base_, builder_.getInt64(constant->getZExtValue() + displacement));
    }
    llvm::Value* address = builder_.CreatePtrAdd(base_, builder_.CreateZExt(offset, builder_.getInt64Ty()));
    return displacement == 0 ? address : builder_.CreatePtrAdd(address, builder_.getInt64(displacement));
}

// An operand of a type that memory holds; the reader's types say the same of what is loaded.
llvm::Value* FunctionReader::stored() {
    llvm::Value* value = number();
    const llvm::Type* scalar = value != nullptr ? value->getType()->getScalarType() : nullptr;
    if (scalar != nullptr && (scalar->isIntegerTy(1) || scalar->isIntegerTy(128))) {
        return refuse(Rule::MemoryType, "an i1 or i128 is stored") ? value : nullptr;
    }
    return value;
}

bool FunctionReader::read_arena_access(std::uint8_t op) {
    const WireType* type = op == wire::kLoadArena ? memory_type() : nullptr;
    llvm::Value* value = op == wire::kStoreArena ? stored() : nullptr;
    llvm::Value* offset = operand_of(builder_.getInt32Ty());
    const std::uint32_t displacement = in_.varint32();
    if (offset == nullptr || (type == nullptr && value == nullptr)) {
        return refuse_operand();
    }
    if (displacement > wire::kAccessDispMax) {
        return refuse(Rule::ArenaAddress,
                      fmt::format("a displacement of {} reaches beyond the arena's guard", displacement));
    }
    llvm::Value* address = arena_address(offset, displacement);
    if (type != nullptr) {
        return push(builder_.CreateAlignedLoad(type->type, address, kByteAligned));
    }
    builder_.CreateAlignedStore(value, address, kByteAligned);
    return true;
}

bool FunctionReader::read_alloca() {
    const std::uint32_t bytes = in_.varint32();
    frame_bytes_ += bytes;
    if (bytes == 0 || frame_bytes_ > limits_.frame_bytes || builder_.GetInsertBlock() != starts_.front()) {
        return refuse(
            Rule::Frame,
            fmt::format("stack objects lie in the entry block and have 1 to {} bytes in all", limits_.frame_bytes));
    }
    auto* type = llvm::ArrayType::get(builder_.getInt8Ty(), bytes);
    auto* object = builder_.CreateAlloca(type);
    object->setAlignment(llvm::Align(16));
    builder_.CreateMemSet(object, builder_.getInt8(0), builder_.getInt64(bytes), llvm::Align(16));
    frames_.push_back(object);
    return true;
}

// An access to a frame, a constant table or a slice: base, a 64-bit offset, a constant. The checker proves it in
// bounds.
bool FunctionReader::read_local_access(std::uint8_t op) {
    const bool is_load = op == wire::kLoadFrame || op == wire::kLoadTable || op == wire::kLoadSlice;
    const WireType* type = is_load ? memory_type() : nullptr;
    llvm::Value* value = is_load ? nullptr : stored();
    llvm::Value* base = nullptr;
    if (op == wire::kLoadSlice || op == wire::kStoreSlice) {
        base = operand_of(builder_.getPtrTy());
    } else {
        const std::uint32_t index = in_.varint32();
        if (op == wire::kLoadTable) {
            base = index < tables_.data_tables.size() ? tables_.data_tables[index] : nullptr;
        } else {
            base = index < frames_.size() ? frames_[index] : nullptr;
        }
    }
    llvm::Value* offset = operand_of(builder_.getInt64Ty());
    const std::uint32_t displacement = in_.varint32();
    if (base == nullptr || offset == nullptr || (type == nullptr && value == nullptr)) {
        return refuse_operand();
    }
    llvm::Value* address = base;
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(offset)) {
        // The sum may wrap: the checker judges the number that comes out.
        address = builder_.CreatePtrAdd(base, builder_.getInt64(constant->getZExtValue() + displacement));
    } else {
        address = builder_.CreatePtrAdd(base, offset);
        address = displacement == 0 ? address : builder_.CreatePtrAdd(address, builder_.getInt64(displacement));
    }
    if (!is_load) {
        builder_.CreateAlignedStore(value, address, kByteAligned);
        return true;
    }
    llvm::Value* loaded = builder_.CreateAlignedLoad(type->type, address, kByteAligned);
    return push(loaded);
}

bool FunctionReader::read_subslice() {
    llvm::Value* slice = operand_of(builder_.getPtrTy());
    llvm::Value* offset = operand_of(builder_.getInt64Ty());
    if (slice == nullptr || offset == nullptr) {
        return refuse_operand();
    }
    if (llvm::isa<llvm::GetElementPtrInst>(slice) && !refuse(Rule::Provenance, "a part of a part of a slice")) {
        return false;
    }
    return push(builder_.CreatePtrAdd(slice, offset));
}

// ---- atomics: on the arena, the offset masked to natural alignment ----

bool FunctionReader::read_atomic(std::uint8_t op) {
    const auto ordering = ordering_of(in_.byte());
    if (!ordering) {
        return false;
    }
    if (op == wire::kAtomicRmw) {
        return read_rmw(*ordering);
    }
    const WireType* type = op == wire::kAtomicLoad ? memory_type() : nullptr;
    llvm::Value* value = op == wire::kAtomicLoad ? nullptr : number();
    llvm::Value* desired = op == wire::kCmpXchg && value != nullptr ? operand_of(value->getType()) : value;
    llvm::Value* offset = operand_of(builder_.getInt32Ty());
    llvm::Type* accessed = nullptr;
    if (type != nullptr) {
        accessed = type->type;
    } else if (value != nullptr && desired != nullptr) {
        accessed = value->getType();
    }
    if (offset == nullptr || accessed == nullptr || !is_word(accessed)) {
        return refuse_operand();
    }
    if ((op == wire::kAtomicLoad && is_release(*ordering)) || (op == wire::kAtomicStore && is_acquire(*ordering))) {
        return refuse(Rule::Atomic, "a load that releases or a store that acquires");
    }
    const unsigned bytes = accessed->getIntegerBitWidth() / 8;
    llvm::Value* aligned = builder_.CreateAnd(offset, builder_.getInt32(~(bytes - 1)));
    llvm::Value* address = builder_.CreatePtrAdd(base_, builder_.CreateZExt(aligned, builder_.getInt64Ty()));
    const llvm::Align alignment(bytes);
    if (op == wire::kAtomicLoad) {
        auto* load = builder_.CreateAlignedLoad(accessed, address, alignment);
        load->setAtomic(*ordering);
        return push(load);
    }
    if (op == wire::kAtomicStore) {
        builder_.CreateAlignedStore(value, address, alignment)->setAtomic(*ordering);
        return true;
    }
    auto* exchange = builder_.CreateAtomicCmpXchg(
        address, value, desired, alignment, *ordering, llvm::AtomicCmpXchgInst::getStrongestFailureOrdering(*ordering));
    values_.push_back(builder_.CreateExtractValue(exchange, 0));
    values_.push_back(builder_.CreateExtractValue(exchange, 1));
    return true;
}

bool FunctionReader::read_rmw(llvm::AtomicOrdering ordering) {
    static constexpr llvm::AtomicRMWInst::BinOp kOps[] = {llvm::AtomicRMWInst::Xchg,
                                                          llvm::AtomicRMWInst::Add,
                                                          llvm::AtomicRMWInst::Sub,
                                                          llvm::AtomicRMWInst::And,
                                                          llvm::AtomicRMWInst::Or,
                                                          llvm::AtomicRMWInst::Xor,
                                                          llvm::AtomicRMWInst::Max,
                                                          llvm::AtomicRMWInst::Min,
                                                          llvm::AtomicRMWInst::UMax,
                                                          llvm::AtomicRMWInst::UMin};
    const std::uint8_t op = in_.byte();
    llvm::Value* value = number();
    llvm::Value* offset = operand_of(builder_.getInt32Ty());
    if (op >= std::size(kOps) || value == nullptr || offset == nullptr || !is_word(value->getType())) {
        return refuse_operand();
    }
    const unsigned bytes = value->getType()->getIntegerBitWidth() / 8;
    llvm::Value* aligned = builder_.CreateAnd(offset, builder_.getInt32(~(bytes - 1)));
    llvm::Value* address = builder_.CreatePtrAdd(base_, builder_.CreateZExt(aligned, builder_.getInt64Ty()));
    return push(builder_.CreateAtomicRMW(kOps[op], address, value, llvm::Align(bytes), ordering));
}

bool FunctionReader::read_fence() {
    const auto ordering = ordering_of(in_.byte());
    if (!ordering || *ordering == llvm::AtomicOrdering::Monotonic) {
        return false;
    }
    builder_.CreateFence(*ordering);
    return true;
}

}  // namespace tessera::safeir
