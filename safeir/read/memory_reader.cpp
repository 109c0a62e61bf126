// FunctionReader's part for memory: addresses are built here, from a base that the program never holds as a number.
#include "safeir/check/terms.h"
#include "safeir/read/function_reader.h"

#include "llvm/IR/Constants.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

const llvm::Align kByteAligned{1};

constexpr llvm::AtomicOrdering kOrderings[wire::kOrderings] = {llvm::AtomicOrdering::Monotonic,
                                                               llvm::AtomicOrdering::Acquire,
                                                               llvm::AtomicOrdering::Release,
                                                               llvm::AtomicOrdering::AcquireRelease,
                                                               llvm::AtomicOrdering::SequentiallyConsistent};

constexpr llvm::AtomicRMWInst::BinOp kRmws[wire::kRmwOperations] = {llvm::AtomicRMWInst::Xchg,
                                                                    llvm::AtomicRMWInst::Add,
                                                                    llvm::AtomicRMWInst::Sub,
                                                                    llvm::AtomicRMWInst::And,
                                                                    llvm::AtomicRMWInst::Or,
                                                                    llvm::AtomicRMWInst::Xor,
                                                                    llvm::AtomicRMWInst::Max,
                                                                    llvm::AtomicRMWInst::Min,
                                                                    llvm::AtomicRMWInst::UMax,
                                                                    llvm::AtomicRMWInst::UMin};

}  // namespace

// The sum of two constants may wrap: the checker judges the number that comes out.
llvm::Value* FunctionReader::address(llvm::Value* base, llvm::Value* offset, std::uint32_t displacement) {
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(offset)) {
        return builder_.CreatePtrAdd(base, builder_.getInt64(constant->getZExtValue() + displacement));
    }
    if (base == base_) {
        offset = builder_.CreateZExt(offset, builder_.getInt64Ty());
    }
    llvm::Value* result = builder_.CreatePtrAdd(base, offset);
    return displacement == 0 ? result : builder_.CreatePtrAdd(result, builder_.getInt64(displacement));
}

// A type or a value, a base (but for the arena), an offset, a displacement.
bool FunctionReader::make_access(std::uint8_t op, const Parts& parts) {
    const bool is_arena = op == wire::kLoadArena || op == wire::kStoreArena;
    const std::uint32_t displacement = parts.numbers[0];
    if (is_arena && displacement > wire::kAccessDispMax) {
        return refuse(Rule::ArenaAddress,
                      fmt::format("a displacement of {} reaches beyond the arena's guard", displacement));
    }
    llvm::Value* base = is_arena ? base_ : *(parts.values.end() - 2);
    llvm::Value* at = address(base, parts.values.back(), displacement);
    llvm::Instruction* access = nullptr;
    if (parts.type != nullptr) {
        access = builder_.CreateAlignedLoad(parts.type->type, at, kByteAligned);
        push(access);
    } else {
        access = builder_.CreateAlignedStore(parts.values[0], at, kByteAligned);
    }
    return is_arena || owe_access(*access, base, parts.values.back(), displacement);
}

// What is to be proven of an access, unless the range of its offset says it already.
bool FunctionReader::owe_access(llvm::Instruction& access,
                                llvm::Value* base,
                                llvm::Value* offset,
                                std::uint64_t displacement) {
    Obligation obligation{Rule::SliceBounds, &access, offset, displacement, nullptr, 0};
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(offset)) {
        obligation.variable = nullptr;
        obligation.constant += constant->getZExtValue();
    }
    if (const auto* frame = llvm::dyn_cast<llvm::AllocaInst>(base)) {
        obligation.rule = Rule::FrameBounds;
        obligation.size = frame->getAllocatedType()->getArrayNumElements();
    } else if (const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(base)) {
        obligation.rule = Rule::TableBounds;
        obligation.size = table->getValueType()->getArrayNumElements();
    } else {
        const Slice slice = slices_.lookup(base);
        if (llvm::isa<llvm::StoreInst>(access) && !slice.is_writable && !refuse(Rule::SliceReadOnly, "it is written")) {
            return false;
        }
        if (slice.offset != nullptr) {
            return refuse(Rule::Provenance, "an access to a part of a slice, which may only be passed on");
        }
        obligation.length = slice.length;
    }
    if (obligation.constant > wire::kAccessDispMax) {
        return refuse(Rule::Provenance, fmt::format("a constant offset of {}", obligation.constant));
    }
    obligation.constant += access.getAccessType()->getPrimitiveSizeInBits().getFixedValue() / 8;
    if (!holds_by_range(obligation)) {
        owe(obligation);
    }
    return true;
}

void FunctionReader::owe(const Obligation& obligation) {
    budget_.charge(sizeof(Obligation));
    obligations_.push_back(obligation);
}

bool FunctionReader::make_memory(std::uint8_t op, const Parts& parts) {
    switch (op) {
    case wire::kAlloca:
        return make_frame(parts.numbers[0]);
    case wire::kSubslice:
        return make_part(parts.values[0], parts.values[1]);
    case wire::kFence:
        if (parts.numbers[0] == wire::kMonotonic) {
            return false;
        }
        builder_.CreateFence(kOrderings[parts.numbers[0]]);
        return true;
    default:
        return make_atomic(op, parts);
    }
}

bool FunctionReader::make_part(llvm::Value* pointer, llvm::Value* offset) {
    Slice part = slices_.lookup(pointer);
    const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(offset);
    if ((part.offset != nullptr || (constant != nullptr && constant->getValue().ugt(wire::kAccessDispMax))) &&
        !refuse(Rule::Provenance, "a part of a part of a slice, or one that begins too far behind")) {
        return false;
    }
    part.offset = constant != nullptr && constant->isZero() ? nullptr : offset;
    push(builder_.CreatePtrAdd(pointer, offset));
    slices_[values_.back()] = part;
    return true;
}

bool FunctionReader::make_frame(std::uint32_t bytes) {
    frame_bytes_ += bytes;
    if (bytes == 0 || frame_bytes_ > limits_.frame_bytes || builder_.GetInsertBlock() != blocks_.front().start) {
        return refuse(
            Rule::Frame,
            fmt::format("stack objects lie in the entry block and have 1 to {} bytes in all", limits_.frame_bytes));
    }
    auto* object = builder_.CreateAlloca(llvm::ArrayType::get(builder_.getInt8Ty(), bytes));
    object->setAlignment(llvm::Align(16));
    builder_.CreateMemSet(object, builder_.getInt8(0), builder_.getInt64(bytes), llvm::Align(16));
    frames_.push_back(object);
    return true;
}

// On the arena, the offset masked to natural alignment.
bool FunctionReader::make_atomic(std::uint8_t op, const Parts& parts) {
    const std::uint32_t code = parts.numbers[0];
    const bool releases = code == wire::kRelease || code == wire::kAcqRel;
    const bool acquires = code == wire::kAcquire || code == wire::kAcqRel;
    if ((op == wire::kAtomicLoad && releases) || (op == wire::kAtomicStore && acquires)) {
        return refuse(Rule::Atomic, "a load that releases or a store that acquires");
    }
    llvm::Type* type = parts.type != nullptr ? parts.type->type : parts.values[0]->getType();
    const unsigned bytes = type->getIntegerBitWidth() / 8;
    const llvm::Align alignment(bytes);
    const llvm::AtomicOrdering ordering = kOrderings[code];
    llvm::Value* at =
        address(base_, builder_.CreateAnd(parts.values.back(), builder_.getInt32(~(bytes - 1))), /*displacement=*/0);
    switch (op) {
    case wire::kAtomicLoad: {
        auto* load = builder_.CreateAlignedLoad(type, at, alignment);
        load->setAtomic(ordering);
        return push(load);
    }
    case wire::kAtomicStore:
        builder_.CreateAlignedStore(parts.values[0], at, alignment)->setAtomic(ordering);
        return true;
    case wire::kAtomicRmw:
        return push(builder_.CreateAtomicRMW(kRmws[parts.numbers[1]], at, parts.values[0], alignment, ordering));
    default: {
        const auto failure = llvm::AtomicCmpXchgInst::getStrongestFailureOrdering(ordering);
        auto* exchange =
            builder_.CreateAtomicCmpXchg(at, parts.values[0], parts.values[1], alignment, ordering, failure);
        return push(builder_.CreateExtractValue(exchange, 0)) && push(builder_.CreateExtractValue(exchange, 1));
    }
    }
}

}  // namespace tessera::safeir
