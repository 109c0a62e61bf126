#include "safeir/read/function_reader.h"

#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <fmt/format.h>

namespace tessera::safeir {

FunctionReader::FunctionReader(std::span<const std::byte> body,
                               const Limits& limits,
                               Budget& budget,
                               ProgramTables& tables,
                               const FunctionEntry& entry,
                               llvm::Module& module)
    : Reader(body, limits, budget), tables_(tables), entry_(entry), function_(entry.function), module_(module),
      builder_(module.getContext(), llvm::NoFolder(), ChargingInserter(budget, instructions_)),
      base_(entry.function->getArg(0)) {
    for (llvm::Argument& argument : llvm::drop_begin(function_->args())) {
        values_.push_back(&argument);
    }
    if (auto* scope = function_->getSubprogram()) {
        // Every instruction of a function with a scope has a location: LLVM's inliner relies on it.
        builder_.SetCurrentDebugLocation(llvm::DILocation::get(module.getContext(), 0, 0, scope));
    }
}

std::optional<Refusal> FunctionReader::read() {
    (void)(read_blocks() && finish_phis());
    if (refusal_) {
        refusal_->function = function_->getName().str();
        if (const llvm::DILocation* location = builder_.getCurrentDebugLocation().get();
            location != nullptr && location->getLine() != 0) {
            refusal_->location = fmt::format("{}:{}", location->getFilename().str(), location->getLine());
        }
    }
    return std::move(refusal_);
}

bool FunctionReader::read_blocks() {
    std::uint32_t blocks = 0;
    if (!read_count(wire::List::Blocks, blocks)) {
        return false;
    }
    if (blocks == 0) {
        return refuse(Rule::Malformed, "a function without blocks");
    }
    instructions_ += blocks;
    starts_.reserve(blocks);
    for (std::uint32_t i = 0; i < blocks; ++i) {
        starts_.push_back(llvm::BasicBlock::Create(module_.getContext(), "", function_));
    }
    ends_ = starts_;
    for (std::uint32_t i = 0; i < blocks; ++i) {
        builder_.SetInsertPoint(starts_[i]);
        phis_possible_ = true;
        for (bool open = true; open;) {
            const std::uint8_t op = in_.byte();
            if (in_.failed()) {
                return refuse(Rule::Malformed, "the function's body is cut off");
            }
            phis_possible_ = phis_possible_ && (op == wire::kPhi || op == wire::kLocation);
            open = op < wire::kRetVoid;
            if (!(open ? read_instruction(op) : read_terminator(op))) {
                refuse(Rule::Malformed, "an instruction is cut off or has an impossible part");
                return false;
            }
            if (instructions_ > limits_.function_instructions &&
                !refuse(Rule::Limit,
                        fmt::format("function_instructions: more than {}", limits_.function_instructions))) {
                return false;
            }
            if (!charge(0)) {
                return false;
            }
        }
        ends_[i] = builder_.GetInsertBlock();
    }
    return true;
}

bool FunctionReader::read_instruction(std::uint8_t op) {
    using namespace wire;
    if (op <= kFDiv) {
        return read_binary(op);
    }
    switch (op) {
    case kFNeg:
        if (llvm::Value* value = number(); value != nullptr && value->getType()->isFPOrFPVectorTy()) {
            return push(builder_.CreateFNeg(value));
        }
        return refuse_operand();
    case kFreeze:
        if (llvm::Value* value = number()) {
            return push(builder_.CreateFreeze(value));
        }
        return refuse_operand();
    case kICmp:
    case kFCmp:
        return read_compare(op);
    case kSelect:
        return read_select();
    case kPhi:
        return read_phi();
    case kExtractElement:
    case kInsertElement:
        return read_lanes(op);
    case kShuffle:
        return read_shuffle();
    case kExtractValue:
        return read_extract_value();
    case kMakeStruct:
        return read_make_struct();
    case kLoadArena:
    case kStoreArena:
        return read_arena_access(op);
    case kAlloca:
        return read_alloca();
    case kLoadFrame:
    case kStoreFrame:
    case kLoadTable:
    case kLoadSlice:
    case kStoreSlice:
        return read_local_access(op);
    case kSubslice:
        return read_subslice();
    case kAtomicLoad:
    case kAtomicStore:
    case kAtomicRmw:
    case kCmpXchg:
        return read_atomic(op);
    case kFence:
        return read_fence();
    case kCall:
    case kCallImport:
    case kCallTable:
        return read_call(op);
    case kCallHelper:
        return read_helper_call();
    case kCallIntrinsic:
        return read_intrinsic_call();
    case kLocation:
        return read_location();
    default:
        return op >= kTrunc && op <= kBitcast ? read_cast(op)
                                              : refuse(Rule::Instruction, fmt::format("unknown operation {}", op));
    }
}

// ---- operands ----

llvm::Value* FunctionReader::operand() {
    const std::uint64_t code = in_.varint();
    const std::uint64_t index = code >> 1U;
    if ((code & 1U) != 0) {
        return index < tables_.constants.size() ? tables_.constants[index] : nullptr;
    }
    return index >= 1 && index <= values_.size() ? values_[values_.size() - index] : nullptr;
}

llvm::Value* FunctionReader::number() {
    llvm::Value* value = operand();
    return value != nullptr && (value->getType()->isIntOrIntVectorTy() || value->getType()->isFPOrFPVectorTy())
               ? value
               : nullptr;
}

llvm::Value* FunctionReader::operand_of(llvm::Type* type) {
    llvm::Value* value = operand();
    return value != nullptr && value->getType() == type ? value : nullptr;
}

llvm::BasicBlock* FunctionReader::block() {
    const std::uint32_t index = in_.varint32();
    return index < starts_.size() ? starts_[index] : nullptr;
}

const WireType* FunctionReader::memory_type() {
    const std::uint32_t code = in_.varint32();
    return code < tables_.types.size() && tables_.types[code].in_memory ? &tables_.types[code] : nullptr;
}

bool FunctionReader::push(llvm::Value* value) {
    values_.push_back(value);
    return true;
}

// A borrowed slice as a result is two values: pointer and length.
void FunctionReader::add_result(llvm::Value* value, Kind kind) {
    if (is_slice(kind)) {
        values_.push_back(builder_.CreateExtractValue(value, 0));
        values_.push_back(builder_.CreateExtractValue(value, 1));
    } else if (kind != Kind::Void) {
        values_.push_back(value);
    }
}

bool FunctionReader::read_location() {
    const std::uint32_t index = in_.varint32();
    if (index >= tables_.locations.size() || entry_.subprogram == 0 ||
        tables_.locations[index].root_subprogram != entry_.subprogram - 1) {
        return refuse(Rule::Malformed, "a debug location of another function");
    }
    builder_.SetCurrentDebugLocation(tables_.locations[index].location);
    return true;
}

// ---- data flow ----

bool FunctionReader::read_compare(std::uint8_t op) {
    const std::uint8_t predicate = in_.byte();
    llvm::Value* left = number();
    llvm::Value* right = left != nullptr ? operand_of(left->getType()) : nullptr;
    if (right == nullptr || left->getType()->isFPOrFPVectorTy() != (op == wire::kFCmp)) {
        return refuse_operand();
    }
    if (op == wire::kICmp && predicate < wire::kICmpPredicates) {
        return push(builder_.CreateICmp(
            static_cast<llvm::CmpInst::Predicate>(llvm::CmpInst::FIRST_ICMP_PREDICATE + predicate), left, right));
    }
    if (op == wire::kFCmp && predicate < wire::kFCmpPredicates) {
        return push(builder_.CreateFCmp(static_cast<llvm::CmpInst::Predicate>(predicate), left, right));
    }
    return false;
}

bool FunctionReader::read_select() {
    llvm::Value* condition = number();
    llvm::Value* left = operand();
    llvm::Value* right = left != nullptr ? operand_of(left->getType()) : nullptr;
    if (condition == nullptr || right == nullptr ||
        llvm::SelectInst::areInvalidOperands(condition, left, right) != nullptr || left->getType()->isPointerTy() ||
        left->getType()->isStructTy()) {
        return refuse_operand();
    }
    return push(builder_.CreateSelect(condition, left, right));
}

bool FunctionReader::read_phi() {
    const std::uint32_t code = in_.varint32();
    std::uint32_t count = 0;
    if (!read_count(wire::List::PhiEntries, count)) {
        return false;
    }
    if (!phis_possible_ || code >= tables_.types.size() || tables_.types[code].type == nullptr || code == wire::kVoid ||
        tables_.types[code].type->isPointerTy() || tables_.types[code].kind == Kind::Struct) {
        return refuse(Rule::Malformed, "a phi after other instructions, or of a type that can't be merged");
    }
    llvm::PHINode* phi = builder_.CreatePHI(tables_.types[code].type, count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t from = in_.varint32();
        pending_.push_back({phi, from, in_.varint()});
    }
    instructions_ += count;
    return push(phi) && !in_.failed();
}

bool FunctionReader::finish_phis() {
    for (const PendingPhi& pending : pending_) {
        const std::uint64_t index = pending.source >> 1U;
        llvm::Value* value = nullptr;
        if ((pending.source & 1U) != 0) {
            value = index < tables_.constants.size() ? tables_.constants[index] : nullptr;
        } else {
            value = index < values_.size() ? values_[index] : nullptr;
        }
        if (value == nullptr || pending.block >= ends_.size() || value->getType() != pending.phi->getType()) {
            return refuse(Rule::OperandType, "a phi merges a value or block that isn't there, or is of another type");
        }
        pending.phi->addIncoming(value, ends_[pending.block]);
    }
    return true;
}

bool FunctionReader::read_cast(std::uint8_t op) {
    static constexpr llvm::Instruction::CastOps kOps[] = {llvm::Instruction::Trunc,
                                                          llvm::Instruction::ZExt,
                                                          llvm::Instruction::SExt,
                                                          llvm::Instruction::FPTrunc,
                                                          llvm::Instruction::FPExt,
                                                          llvm::Instruction::UIToFP,
                                                          llvm::Instruction::SIToFP,
                                                          llvm::Instruction::FPToUI,
                                                          llvm::Instruction::FPToSI,
                                                          llvm::Instruction::FPToUI,
                                                          llvm::Instruction::FPToSI,
                                                          llvm::Instruction::BitCast};
    const std::uint32_t code = in_.varint32();
    llvm::Value* value = number();
    const llvm::Instruction::CastOps cast = kOps[op - wire::kTrunc];
    if (value == nullptr || code >= tables_.types.size() || tables_.types[code].kind < Kind::Int ||
        tables_.types[code].kind > Kind::Vector ||
        !llvm::CastInst::castIsValid(cast, value->getType(), tables_.types[code].type)) {
        return refuse_operand();
    }
    llvm::Type* type = tables_.types[code].type;
    if (cast != llvm::Instruction::FPToUI && cast != llvm::Instruction::FPToSI) {
        return push(builder_.CreateCast(cast, value, type));
    }
    const bool is_signed = cast == llvm::Instruction::FPToSI;
    const unsigned bits = type->getScalarSizeInBits();
    // Out of range is poison: freeze pins it. Narrow results saturate instead, since code generation assumes a narrow
    // conversion to be in range.
    if (op == wire::kFPToUISat || op == wire::kFPToSISat || (bits != 32 && bits != 64)) {
        return push(intrinsic(
            is_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat, {type, value->getType()}, {value}));
    }
    return push(builder_.CreateFreeze(builder_.CreateCast(cast, value, type)));
}

bool FunctionReader::read_lanes(std::uint8_t op) {
    llvm::Value* vector = number();
    auto* type = vector != nullptr ? llvm::dyn_cast<llvm::FixedVectorType>(vector->getType()) : nullptr;
    if (type == nullptr) {
        return refuse_operand();
    }
    llvm::Value* element = op == wire::kInsertElement ? operand_of(type->getElementType()) : vector;
    llvm::Value* index = number();
    if (element == nullptr || index == nullptr || !index->getType()->isIntegerTy()) {
        return refuse_operand();
    }
    const unsigned lanes = type->getNumElements();
    const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(index);
    if (constant == nullptr || constant->getValue().uge(lanes)) {
        // Lanes are a power of two; an index type too narrow to hold lanes - 1 needs no mask, but gets a wider type.
        index = index->getType()->getIntegerBitWidth() < 8 ? builder_.CreateZExt(index, builder_.getInt8Ty()) : index;
        index = builder_.CreateAnd(index, llvm::ConstantInt::get(index->getType(), lanes - 1));
    }
    return push(op == wire::kInsertElement ? builder_.CreateInsertElement(vector, element, index)
                                           : builder_.CreateExtractElement(vector, index));
}

bool FunctionReader::read_shuffle() {
    llvm::Value* left = number();
    llvm::Value* right = left != nullptr ? operand_of(left->getType()) : nullptr;
    std::uint32_t lanes = 0;
    if (!read_count(wire::List::ShuffleLanes, lanes, Rule::OperandType)) {
        return false;
    }
    auto* type = right != nullptr ? llvm::dyn_cast<llvm::FixedVectorType>(left->getType()) : nullptr;
    if (type == nullptr || lanes < 2 || !std::has_single_bit(lanes) ||
        lanes * type->getScalarSizeInBits() > wire::kVectorBitsMax) {
        return refuse_operand();
    }
    llvm::SmallVector<int, wire::kLanesMax> mask;
    for (std::uint32_t i = 0; i < lanes; ++i) {
        const std::uint32_t lane = in_.varint32();
        if (lane >= 2 * type->getNumElements()) {
            return refuse(Rule::Lane, fmt::format("a shuffle takes lane {} of {}", lane, 2 * type->getNumElements()));
        }
        mask.push_back(static_cast<int>(lane));
    }
    return push(builder_.CreateShuffleVector(left, right, mask));
}

bool FunctionReader::read_extract_value() {
    llvm::Value* aggregate = operand();
    const std::uint32_t field = in_.varint32();
    auto* type = aggregate != nullptr ? llvm::dyn_cast<llvm::StructType>(aggregate->getType()) : nullptr;
    if (type == nullptr || field >= type->getNumElements()) {
        return refuse_operand();
    }
    return push(builder_.CreateExtractValue(aggregate, field));
}

bool FunctionReader::read_make_struct() {
    const std::uint32_t code = in_.varint32();
    if (code >= tables_.types.size() || tables_.types[code].kind != Kind::Struct) {
        return refuse_operand();
    }
    auto* type = llvm::cast<llvm::StructType>(tables_.types[code].type);
    llvm::Value* aggregate = llvm::PoisonValue::get(type);
    for (unsigned i = 0; i < type->getNumElements(); ++i) {
        llvm::Value* field = operand_of(type->getElementType(i));
        if (field == nullptr) {
            return refuse_operand();
        }
        aggregate = builder_.CreateInsertValue(aggregate, field, i);
    }
    return push(aggregate);
}

// ---- control flow ----

void FunctionReader::trap(TrapReason reason) {
    intrinsic(llvm::Intrinsic::ubsantrap, {}, {builder_.getInt8(static_cast<std::uint8_t>(reason))});
    builder_.CreateUnreachable();
}

void FunctionReader::trap_if(llvm::Value* condition, TrapReason reason) {
    auto* trapping = llvm::BasicBlock::Create(module_.getContext(), "", function_);
    auto* following = llvm::BasicBlock::Create(module_.getContext(), "", function_, trapping);
    builder_.CreateCondBr(condition, trapping, following);
    instructions_ += 2;
    budget_.charge(std::uint64_t{2} * wire::entry(wire::List::Blocks).bytes);
    builder_.SetInsertPoint(trapping);
    trap(reason);
    builder_.SetInsertPoint(following);
}

bool FunctionReader::read_terminator(std::uint8_t op) {
    switch (op) {
    case wire::kRetVoid:
        return function_->getReturnType()->isVoidTy() ? (builder_.CreateRetVoid(), true) : refuse_operand();
    case wire::kRet: {
        llvm::Value* value = operand_of(function_->getReturnType());
        return value != nullptr && !value->getType()->isPointerTy() ? (builder_.CreateRet(value), true)
                                                                    : refuse_operand();
    }
    case wire::kBr: {
        llvm::BasicBlock* target = block();
        return target != nullptr && (builder_.CreateBr(target), true);
    }
    case wire::kCondBr: {
        llvm::Value* condition = operand_of(builder_.getInt1Ty());
        llvm::BasicBlock* if_true = block();
        llvm::BasicBlock* if_false = block();
        if (condition == nullptr) {
            return refuse_operand();
        }
        return if_true != nullptr && if_false != nullptr && (builder_.CreateCondBr(condition, if_true, if_false), true);
    }
    case wire::kSwitch:
        return read_switch();
    case wire::kTrap:
        trap(static_cast<TrapReason>(in_.byte()));
        return true;
    default:
        return refuse(Rule::Instruction, fmt::format("unknown operation {}", op));
    }
}

bool FunctionReader::read_switch() {
    llvm::Value* value = number();
    llvm::BasicBlock* otherwise = block();
    std::uint32_t cases = 0;
    if (!read_count(wire::List::SwitchCases, cases)) {
        return false;
    }
    if (value == nullptr || !value->getType()->isIntegerTy() || otherwise == nullptr) {
        return refuse_operand();
    }
    auto* switched = builder_.CreateSwitch(value, otherwise, cases);
    llvm::DenseSet<llvm::ConstantInt*> seen;
    for (std::uint32_t i = 0; i < cases; ++i) {
        auto* constant = llvm::dyn_cast_or_null<llvm::ConstantInt>(operand_of(value->getType()));
        llvm::BasicBlock* target = block();
        if (constant == nullptr || target == nullptr || !seen.insert(constant).second) {
            return refuse(Rule::Malformed, "a switch case is no constant, has no target, or is there twice");
        }
        switched->addCase(constant, target);
    }
    instructions_ += cases;
    return true;
}

}  // namespace tessera::safeir
