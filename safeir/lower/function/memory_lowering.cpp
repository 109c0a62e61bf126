// FunctionLowering's part for plain memory: addresses, loads, stores.
//
// An address is the low 32 bits of a root, zero-extended, plus a constant. The constant is added after the extension,
// so it may only hold what can't wrap in the source: that is what inbounds or nuw on the source's address arithmetic
// says.
#include "safeir/lower/function/function_lowering.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/Operator.h"

namespace tessera::lower {

static constexpr std::uint64_t kConstantMax = (std::uint64_t{1} << 31) - 1024;  // and an access of up to 512 bits

bool FunctionLowering::holds_capability(llvm::Type* type) const {
    if (auto* structure = llvm::dyn_cast<llvm::StructType>(type)) {
        return std::ranges::any_of(structure->elements(),
                                   [this](llvm::Type* element) { return holds_capability(element); });
    }
    if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        return holds_capability(array->getElementType());
    }
    return is_capability(type->getScalarType()) || type->isTargetExtTy();
}

Address FunctionLowering::address_of(llvm::Value* pointer) {
    if (const auto found = addresses_.find(pointer); found != addresses_.end()) {
        return found->second;
    }
    return {single(pointer), 0};
}

llvm::ConstantInt* FunctionLowering::word(std::uint64_t value) const {
    llvm::IntegerType* type = program_.shapes.word();
    return llvm::ConstantInt::get(type->getContext(), llvm::APInt(64, value).trunc(type->getBitWidth()));
}

llvm::Value* FunctionLowering::offset_of(llvm::Value* word) {
    if (auto* wider = llvm::dyn_cast<llvm::ZExtInst>(word); wider != nullptr && wider->getSrcTy()->isIntegerTy(32)) {
        return wider->getOperand(0);
    }
    return b_.CreateZExtOrTrunc(word, b_.getInt32Ty());
}

llvm::Value* FunctionLowering::materialise(Address address) {
    return address.constant == 0 ? address.root : b_.CreateAdd(address.root, word(address.constant));
}

llvm::Value* FunctionLowering::pointer_to(Address address, std::uint64_t offset) {
    const std::uint64_t constant = address.constant + offset;
    if (address.frame != nullptr) {
        llvm::Value* start = address.frame;
        if (address.root != nullptr) {
            llvm::Value*& cached = pointers_[address.root];
            cached = cached == nullptr ? b_.CreateGEP(b_.getInt8Ty(), start, address.root) : cached;
            start = cached;
        }
        return constant == 0 ? start : b_.CreateGEP(b_.getInt8Ty(), start, b_.getInt64(constant));
    }
    if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(address.root)) {
        const std::uint64_t whole = (known->getZExtValue() + constant) & 0xffffffffU;
        return b_.CreateGEP(b_.getInt8Ty(), base_, b_.getInt64(whole));
    }
    llvm::Value*& start = pointers_[address.root];
    if (start == nullptr) {
        start = b_.CreateGEP(b_.getInt8Ty(), base_, b_.CreateZExt(offset_of(address.root), b_.getInt64Ty()));
    }
    return constant == 0 ? start : b_.CreateGEP(b_.getInt8Ty(), start, b_.getInt64(constant));
}

// Pieces of a natural width that cover an integer of any whole number of bytes.
static llvm::SmallVector<unsigned, 4> pieces_of(unsigned bytes) {
    llvm::SmallVector<unsigned, 4> pieces;
    for (unsigned width = 8; width != 0; width /= 2) {
        while (bytes >= width) {
            pieces.push_back(width);
            bytes -= width;
        }
    }
    return pieces;
}

Values FunctionLowering::load(llvm::Type* type, Address address) {
    const llvm::DataLayout& data = source_.getDataLayout();
    const auto at = [&](std::uint64_t offset) {
        return Address{.root = address.root, .constant = address.constant + offset, .frame = address.frame};
    };
    const auto append = [](Values& to, const Values& more) { to.append(more.begin(), more.end()); };
    const auto simple = [&](llvm::Type* part, std::uint64_t offset) -> llvm::Value* {
        return b_.CreateAlignedLoad(part, pointer_to(address, offset), llvm::Align(1));
    };
    Values parts;
    if (auto* structure = llvm::dyn_cast<llvm::StructType>(type)) {
        const llvm::StructLayout* layout = data.getStructLayout(structure);
        for (unsigned i = 0; i < structure->getNumElements(); ++i) {
            append(parts, load(structure->getElementType(i), at(layout->getElementOffset(i).getFixedValue())));
        }
    } else if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        const std::uint64_t stride = data.getTypeAllocSize(array->getElementType()).getFixedValue();
        for (std::uint64_t i = 0; i < array->getNumElements(); ++i) {
            append(parts, load(array->getElementType(), at(i * stride)));
        }
    } else if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
        llvm::Type* lane = program_.shapes.scalar(vector->getElementType());
        if (lane->isIntegerTy(1) || is_odd_integer(vector->getElementType())) {
            const unsigned bits = vector->getNumElements() * vector->getScalarSizeInBits();
            llvm::Value* packed = load(b_.getIntNTy(static_cast<unsigned>(llvm::alignTo(bits, 8))), address).front();
            for (const unsigned count : program_.shapes.lane_counts(vector)) {
                llvm::Value* chunk = llvm::PoisonValue::get(program_.shapes.chunk(lane, count));
                for (unsigned i = 0; i < count; ++i) {
                    llvm::Value* bit = b_.CreateTrunc(b_.CreateLShr(packed, i * vector->getScalarSizeInBits()), lane);
                    chunk = count == 1 ? bit
                                       : b_.CreateInsertElement(
                                             chunk, mask_to_width(bit, vector->getElementType()), b_.getInt32(i));
                }
                parts.push_back(chunk);
            }
            return parts;
        }
        const std::uint64_t stride = data.getTypeStoreSize(vector->getElementType()).getFixedValue();
        std::uint64_t offset = 0;
        for (llvm::Type* part : program_.shapes.parts(type)) {
            parts.push_back(part->isIntegerTy(128) ? load(part, at(offset)).front() : simple(part, offset));
            auto* chunk = llvm::dyn_cast<llvm::FixedVectorType>(part);
            offset += stride * (chunk != nullptr ? chunk->getNumElements() : 1);
        }
    } else if (type->isIntegerTy() || type->isFP128Ty()) {
        llvm::Type* part = program_.shapes.scalar(type);
        const auto bytes = static_cast<unsigned>(data.getTypeStoreSize(type).getFixedValue());
        llvm::Value* result = nullptr;
        unsigned offset = 0;
        for (const unsigned width : pieces_of(bytes)) {
            llvm::Value* piece = simple(b_.getIntNTy(width * 8), offset);
            piece = part->isIntegerTy(1) ? b_.CreateTrunc(piece, part) : b_.CreateZExt(piece, part);
            piece = offset == 0 ? piece : b_.CreateShl(piece, offset * 8);
            result = result == nullptr ? piece : b_.CreateOr(result, piece);
            offset += width;
        }
        parts.push_back(result);
    } else {
        parts.push_back(simple(program_.shapes.scalar(type), 0));
    }
    return parts;
}

void FunctionLowering::store(llvm::Type* type, llvm::ArrayRef<llvm::Value*> parts, Address address) {
    const llvm::DataLayout& data = source_.getDataLayout();
    const auto at = [&](std::uint64_t offset) {
        return Address{.root = address.root, .constant = address.constant + offset, .frame = address.frame};
    };
    const auto simple = [&](llvm::Value* part, std::uint64_t offset) {
        b_.CreateAlignedStore(part, pointer_to(address, offset), llvm::Align(1));
    };
    if (auto* structure = llvm::dyn_cast<llvm::StructType>(type)) {
        const llvm::StructLayout* layout = data.getStructLayout(structure);
        for (unsigned i = 0; i < structure->getNumElements(); ++i) {
            const std::size_t count = program_.shapes.parts(structure->getElementType(i)).size();
            store(
                structure->getElementType(i), parts.take_front(count), at(layout->getElementOffset(i).getFixedValue()));
            parts = parts.drop_front(count);
        }
    } else if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        const std::uint64_t stride = data.getTypeAllocSize(array->getElementType()).getFixedValue();
        const std::size_t count = program_.shapes.parts(array->getElementType()).size();
        for (std::uint64_t i = 0; i < array->getNumElements(); ++i) {
            store(array->getElementType(), parts.slice(i * count, count), at(i * stride));
        }
    } else if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
        const unsigned lane_bits = vector->getScalarSizeInBits();
        if (lane_bits == 1 || is_odd_integer(vector->getElementType())) {
            llvm::Type* packed_type =
                b_.getIntNTy(static_cast<unsigned>(llvm::alignTo(vector->getNumElements() * lane_bits, 8)));
            llvm::Type* carrier = program_.shapes.scalar(packed_type);
            llvm::Value* packed = llvm::ConstantInt::get(carrier, 0);
            for (unsigned i = 0; i < vector->getNumElements(); ++i) {
                packed = b_.CreateOr(packed, b_.CreateShl(b_.CreateZExt(get_lane(parts, i), carrier), i * lane_bits));
            }
            return store(packed_type, {packed}, address);
        }
        const std::uint64_t stride = data.getTypeStoreSize(vector->getElementType()).getFixedValue();
        std::uint64_t offset = 0;
        for (llvm::Value* part : parts) {
            part->getType()->isIntegerTy(128) ? store(part->getType(), {part}, at(offset)) : simple(part, offset);
            auto* chunk = llvm::dyn_cast<llvm::FixedVectorType>(part->getType());
            offset += stride * (chunk != nullptr ? chunk->getNumElements() : 1);
        }
    } else if (type->isIntegerTy() || type->isFP128Ty()) {
        const auto bytes = static_cast<unsigned>(data.getTypeStoreSize(type).getFixedValue());
        unsigned offset = 0;
        for (const unsigned width : pieces_of(bytes)) {
            llvm::Value* piece = offset == 0 ? parts.front() : b_.CreateLShr(parts.front(), offset * 8);
            simple(b_.CreateZExtOrTrunc(piece, b_.getIntNTy(width * 8)), offset);
            offset += width;
        }
    } else {
        simple(parts.front(), 0);
    }
}

void FunctionLowering::lower_load(llvm::LoadInst& instruction) {
    if (holds_capability(instruction.getType())) {
        refuse(instruction, "a capability can't be kept in memory; keep it in a table (tessera/capability.h)");
        return define_zero(instruction);
    }
    if (instruction.isAtomic()) {
        return lower_atomic_load(instruction);
    }
    define(instruction, load(instruction.getType(), address_of(instruction.getPointerOperand())));
}

void FunctionLowering::lower_store(llvm::StoreInst& instruction) {
    llvm::Value* stored = instruction.getValueOperand();
    if (const std::string problem = program_.shapes.refusal(stored->getType()); !problem.empty()) {
        return refuse(instruction, "uses " + problem);
    }
    if (holds_capability(stored->getType())) {
        return refuse(instruction, "a capability can't be kept in memory; keep it in a table (tessera/capability.h)");
    }
    if (instruction.isAtomic()) {
        return lower_atomic_store(instruction);
    }
    if (llvm::isa<llvm::UndefValue>(stored)) {
        return;
    }
    store(stored->getType(), value(stored), address_of(instruction.getPointerOperand()));
}

// Whether what the variable indices add, taken alone, can't be negative for an address that begins at an object's
// start: every partial sum of an inbounds address is inside the object, so only a constant step before a variable one
// could hide it.
static bool counts_from_start(const llvm::GetElementPtrInst& gep) {
    bool stepped = gep.hasNoUnsignedWrap();
    for (const llvm::Use& index : gep.indices()) {
        const auto* known = llvm::dyn_cast<llvm::ConstantInt>(index);
        if (known == nullptr && stepped && !gep.hasNoUnsignedWrap()) {
            return false;
        }
        if (known != nullptr && known->isNegative() && !gep.hasNoUnsignedWrap()) {
            return false;
        }
        stepped |= known != nullptr && !known->isZero();
    }
    return true;
}

// If `index` is x + c, takes c * scale into the address's constant and gives x: unrolled and stencil loops then share
// one root. Root and constant must still add up to the address A without wrapping, for every valid A; so A >= constant
// is to be shown. A step down keeps that. A step up does where neither sum nor address arithmetic wraps, since then x
// counts up from the old address; or where the constant stays below the first valid address.
static llvm::Value* without_constant(llvm::Value* index, const llvm::APInt& scale, bool counts_up, Address& address) {
    auto* sum = llvm::dyn_cast<llvm::BinaryOperator>(index);
    if (sum == nullptr || !sum->getType()->isIntegerTy(scale.getBitWidth()) ||
        !llvm::isa<llvm::ConstantInt>(sum->getOperand(1))) {
        return nullptr;
    }
    const auto* disjoint = llvm::dyn_cast<llvm::PossiblyDisjointInst>(sum);
    const bool is_or = disjoint != nullptr && disjoint->isDisjoint();
    if ((sum->getOpcode() != llvm::Instruction::Add && !is_or) || scale.isNegative()) {
        return nullptr;
    }
    const std::int64_t step = llvm::cast<llvm::ConstantInt>(sum->getOperand(1))->getSExtValue() * scale.getSExtValue();
    const std::uint64_t moved = address.constant + static_cast<std::uint64_t>(step);
    if (step < 0) {
        if (moved > address.constant) {
            return nullptr;
        }
        address.beyond -= std::min(address.beyond, address.constant - moved);
    } else if (moved > safeir::kArenaFirstByte) {
        if (!counts_up || !(is_or || sum->hasNoUnsignedWrap()) || moved >= kConstantMax) {
            return nullptr;
        }
        address.beyond += static_cast<std::uint64_t>(step);
    }
    address.constant = moved;
    return sum->getOperand(0);
}

void FunctionLowering::lower_frame_gep(llvm::GetElementPtrInst& gep, const FrameAddress& result) {
    Address to = addresses_.lookup(gep.getPointerOperand());
    to.constant = result.constant;
    if (result.mask != 0) {
        llvm::SmallMapVector<llvm::Value*, llvm::APInt, 4> variable;
        const unsigned width = program_.shapes.word()->getBitWidth();
        llvm::APInt fixed(width, 0);
        gep.collectOffset(source_.getDataLayout(), width, variable, fixed);
        for (const auto& [indexed, scale] : variable) {
            llvm::Value* index = b_.CreateZExtOrTrunc(single(indexed), b_.getInt64Ty());
            if (const std::uint64_t mask = machine_frame_.indices.lookup(indexed); mask != 0) {
                index = b_.CreateAnd(index, mask);
            }
            index = b_.CreateMul(index, b_.getInt64(scale.getZExtValue()));
            to.root = to.root == nullptr ? index : b_.CreateAdd(to.root, index);
        }
        to.root = variable.empty() ? to.root : b_.CreateAnd(to.root, result.mask);
        if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(to.root)) {
            to.constant += known->getZExtValue();
            to.root = nullptr;
        }
    }
    addresses_[&gep] = to;
}

// How far below this address accesses go that are made from it, if it is used for accesses alone. Where a[i - 1] and
// a[i] are both used, LLVM makes the former's address from the latter's.
static std::uint64_t steps_down_from(const llvm::GetElementPtrInst& gep) {
    const llvm::DataLayout& data = gep.getDataLayout();
    std::int64_t least = 0;
    for (const llvm::Use& use : gep.uses()) {
        if (const auto* next = llvm::dyn_cast<llvm::GetElementPtrInst>(use.getUser())) {
            llvm::APInt step(data.getIndexTypeSizeInBits(next->getType()), 0);
            if (use.getOperandNo() != 0 || next->getType()->isVectorTy() ||
                !next->accumulateConstantOffset(data, step)) {
                return 0;
            }
            least = std::min(least, step.getSExtValue());
        } else if (use.get() != llvm::getLoadStorePointerOperand(use.getUser())) {
            return 0;
        }
    }
    return static_cast<std::uint64_t>(-least);
}

void FunctionLowering::lower_gep(llvm::GetElementPtrInst& gep) {
    if (const auto local = machine_frame_.addresses.find(&gep); local != machine_frame_.addresses.end()) {
        return lower_frame_gep(gep, local->second);
    }
    if (gep.getType()->isVectorTy()) {
        return lower_vector_gep(gep);
    }
    if (gep.getPointerAddressSpace() != 0) {
        refuse(gep, "arithmetic on a capability or on a table of them");
        return define_zero(gep);
    }
    llvm::SmallMapVector<llvm::Value*, llvm::APInt, 4> variable;
    const unsigned width = program_.shapes.word()->getBitWidth();
    llvm::APInt fixed(width, 0);
    if (!gep.collectOffset(source_.getDataLayout(), width, variable, fixed)) {
        refuse(gep, "address arithmetic on a type of unknown size");
        return define_zero(gep);
    }
    const bool stays_inside = gep.isInBounds() || gep.hasNoUnsignedWrap();
    Address to = address_of(gep.getPointerOperand());
    // An index into a global counts from its start, so it can't be negative: the global's address goes to the constant.
    const auto* start = llvm::dyn_cast<llvm::ConstantInt>(to.root);
    const bool from_global = stays_inside && start != nullptr && to.constant == 0 && !variable.empty() &&
                             counts_from_start(gep) && llvm::isa<llvm::GlobalVariable>(gep.getPointerOperand()) &&
                             start->getZExtValue() < kConstantMax;
    if (from_global) {
        to = {nullptr, start->getZExtValue()};
    }
    // Whether what this starts from is certainly inside its object; an address on the way need not be.
    const auto* before = llvm::dyn_cast<llvm::GEPOperator>(gep.getPointerOperand());
    const bool from_inside =
        from_global || to.constant == 0 || gep.isInBounds() || (before != nullptr && before->isInBounds());
    const bool counts_up = gep.hasNoUnsignedWrap() && from_inside;
    const auto give_back = [&] {
        if (to.beyond != 0) {
            to = {b_.CreateAdd(to.root, word(to.beyond)), to.constant - to.beyond};
        }
    };
    if (variable.empty() ? !from_inside : !counts_up) {
        give_back();
    }
    // What is taken off here, outside of a loop as a rule, need not be taken off behind the index. It stays below the
    // first valid address, so root and constant still add up without wrapping.
    if (const std::uint64_t down = variable.empty() ? 0 : steps_down_from(gep);
        down > to.constant && down <= safeir::kArenaFirstByte && to.root != nullptr && to.beyond == 0) {
        to.root = b_.CreateSub(to.root, word(down - to.constant));
        to.constant = down;
    }
    for (const auto& [indexed, scale] : variable) {
        llvm::Value* source = indexed;
        while (llvm::Value* rest = without_constant(source, scale, counts_up, to)) {
            source = rest;
        }
        llvm::Value* index = single(source);
        if (is_odd_integer(source->getType())) {
            index = sign_extend_in_place(index, source->getType());
        }
        index = b_.CreateSExtOrTrunc(index, program_.shapes.word());
        const std::uint64_t by = scale.getZExtValue();
        if (by != 1) {
            index = llvm::isPowerOf2_64(by) ? b_.CreateShl(index, llvm::Log2_64(by)) : b_.CreateMul(index, word(by));
        }
        to.root = to.root == nullptr ? index : b_.CreateAdd(to.root, index);
    }
    const std::int64_t step = fixed.getSExtValue();
    const std::uint64_t size = static_cast<std::uint64_t>(step < 0 ? -step : step);
    const bool step_counts_up =
        variable.empty() ? from_inside : counts_up || (gep.isInBounds() && counts_from_start(gep));
    if (step < 0 && size <= to.constant) {
        to.constant -= size;
        to.beyond -= std::min(to.beyond, size);
    } else if (step >= 0 && to.constant + size <= safeir::kArenaFirstByte) {
        to.constant += size;
    } else if (step >= 0 && step_counts_up && to.constant + size < kConstantMax) {
        to.constant += size;
        to.beyond += size;
    } else {
        give_back();
        to.root = b_.CreateAdd(to.root, word(static_cast<std::uint64_t>(step)));
    }
    // A constant below 2^32 needs no guard: a wrapped sum of constants stays a sum of constants.
    if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(to.root)) {
        values_[&gep] = {word(known->getZExtValue() + to.constant)};
        return;
    }
    if (to.constant == 0) {
        return define(gep, {to.root});
    }
    addresses_[&gep] = to;
}

void FunctionLowering::lower_vector_gep(llvm::GetElementPtrInst& gep) {
    const llvm::DataLayout& data = source_.getDataLayout();
    auto* type = llvm::cast<llvm::FixedVectorType>(gep.getType());
    llvm::IntegerType* word_type = program_.shapes.word();
    auto* words = llvm::FixedVectorType::get(word_type, type->getNumElements());
    const auto as_words = [&](llvm::Value* source) {
        const Values parts = value(source);
        if (!source->getType()->isVectorTy()) {
            return splat(b_.CreateSExtOrTrunc(parts.front(), word_type), words);
        }
        return lanewise({parts}, words, [&](auto x, unsigned lanes) {
            return b_.CreateSExtOrTrunc(x[0], program_.shapes.chunk(word_type, lanes));
        });
    };
    Values sum = as_words(gep.getPointerOperand());
    for (auto step = llvm::gep_type_begin(gep), end = llvm::gep_type_end(gep); step != end; ++step) {
        Values term;
        if (llvm::StructType* structure = step.getStructTypeOrNull()) {
            const auto field = llvm::cast<llvm::Constant>(step.getOperand())->getUniqueInteger().getZExtValue();
            const std::uint64_t offset =
                data.getStructLayout(structure)->getElementOffset(static_cast<unsigned>(field)).getFixedValue();
            term = splat(word(offset), words);
        } else {
            const auto stride = static_cast<std::uint32_t>(step.getSequentialElementStride(data).getFixedValue());
            term = lanewise({as_words(step.getOperand())}, words, [&](auto x, unsigned) {
                return stride == 1 ? x[0] : b_.CreateMul(x[0], llvm::ConstantInt::get(x[0]->getType(), stride));
            });
        }
        sum = lanewise({sum, term}, words, [&](auto x, unsigned) { return b_.CreateAdd(x[0], x[1]); });
    }
    define(gep, std::move(sum));
}

}  // namespace tessera::lower
