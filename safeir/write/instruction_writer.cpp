// FunctionWriter's part for single instructions.
#include "safeir/wire/format.h"
#include "safeir/write/function_writer.h"

#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

namespace tessera::safeir {
namespace {

std::optional<std::uint8_t> ordering_code(llvm::AtomicOrdering ordering) {
    switch (ordering) {
    case llvm::AtomicOrdering::Unordered:
    case llvm::AtomicOrdering::Monotonic:
        return wire::kMonotonic;
    case llvm::AtomicOrdering::Acquire:
        return wire::kAcquire;
    case llvm::AtomicOrdering::Release:
        return wire::kRelease;
    case llvm::AtomicOrdering::AcquireRelease:
        return wire::kAcqRel;
    case llvm::AtomicOrdering::SequentiallyConsistent:
        return wire::kSeqCst;
    case llvm::AtomicOrdering::NotAtomic:
        break;
    }
    return std::nullopt;
}

std::optional<std::uint8_t> rmw_code(llvm::AtomicRMWInst::BinOp op) {
    switch (op) {
    case llvm::AtomicRMWInst::Xchg:
        return wire::kRmwXchg;
    case llvm::AtomicRMWInst::Add:
        return wire::kRmwAdd;
    case llvm::AtomicRMWInst::Sub:
        return wire::kRmwSub;
    case llvm::AtomicRMWInst::And:
        return wire::kRmwAnd;
    case llvm::AtomicRMWInst::Or:
        return wire::kRmwOr;
    case llvm::AtomicRMWInst::Xor:
        return wire::kRmwXor;
    case llvm::AtomicRMWInst::Max:
        return wire::kRmwMax;
    case llvm::AtomicRMWInst::Min:
        return wire::kRmwMin;
    case llvm::AtomicRMWInst::UMax:
        return wire::kRmwUMax;
    case llvm::AtomicRMWInst::UMin:
        return wire::kRmwUMin;
    default:
        return std::nullopt;
    }
}

}  // namespace

bool FunctionWriter::write_instruction(llvm::Instruction& instruction) {
    if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) {
        return write_phi(*phi);
    }
    if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
        return write_store(*store);
    }
    if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
        return write_call(*call);
    }
    if (auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(&instruction)) {
        return write_extract_value(*extract);
    }
    if (auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) {
        return write_alloca(*object);
    }
    if (auto* fence = llvm::dyn_cast<llvm::FenceInst>(&instruction)) {
        out_.byte(wire::kFence);
        out_.byte(ordering_code(fence->getOrdering()).value_or(wire::kSeqCst));
        return true;
    }
    if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
        return write_atomic(instruction, exchange->getPointerOperand(), exchange->getMergedOrdering());
    }
    bool good = false;
    if (auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(&instruction)) {
        good = write_binary(*binary);
    } else if (auto* compare = llvm::dyn_cast<llvm::CmpInst>(&instruction)) {
        good = write_compare(*compare);
    } else if (auto* cast = llvm::dyn_cast<llvm::CastInst>(&instruction)) {
        good = write_cast(*cast);
    } else if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
        good = write_load(*load);
    } else if (auto* rmw = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction)) {
        good = write_atomic(instruction, rmw->getPointerOperand(), rmw->getOrdering());
    } else if (auto* shuffle = llvm::dyn_cast<llvm::ShuffleVectorInst>(&instruction)) {
        good = write_shuffle(*shuffle);
    } else if (auto* insert = llvm::dyn_cast<llvm::InsertValueInst>(&instruction)) {
        good = write_struct(*insert);
    } else {
        std::uint8_t op = 0;
        switch (instruction.getOpcode()) {
        case llvm::Instruction::FNeg:
            op = wire::kFNeg;
            break;
        case llvm::Instruction::Freeze:
            op = wire::kFreeze;
            break;
        case llvm::Instruction::Select:
            op = wire::kSelect;
            break;
        case llvm::Instruction::ExtractElement:
            op = wire::kExtractElement;
            break;
        case llvm::Instruction::InsertElement:
            op = wire::kInsertElement;
            break;
        default:
            return false;
        }
        out_.byte(op);
        good = llvm::all_of(instruction.operands(), [this](llvm::Value* value) { return operand(value); });
    }
    if (good) {
        values_[&instruction] = next_value_++;
    }
    return good;
}

bool FunctionWriter::write_binary(llvm::BinaryOperator& binary) {
    static constexpr std::pair<unsigned, std::uint8_t> kOps[] = {{llvm::Instruction::Add, wire::kAdd},
                                                                 {llvm::Instruction::Sub, wire::kSub},
                                                                 {llvm::Instruction::Mul, wire::kMul},
                                                                 {llvm::Instruction::And, wire::kAnd},
                                                                 {llvm::Instruction::Or, wire::kOr},
                                                                 {llvm::Instruction::Xor, wire::kXor},
                                                                 {llvm::Instruction::Shl, wire::kShl},
                                                                 {llvm::Instruction::LShr, wire::kLShr},
                                                                 {llvm::Instruction::AShr, wire::kAShr},
                                                                 {llvm::Instruction::UDiv, wire::kUDiv},
                                                                 {llvm::Instruction::SDiv, wire::kSDiv},
                                                                 {llvm::Instruction::URem, wire::kURem},
                                                                 {llvm::Instruction::SRem, wire::kSRem},
                                                                 {llvm::Instruction::FAdd, wire::kFAdd},
                                                                 {llvm::Instruction::FSub, wire::kFSub},
                                                                 {llvm::Instruction::FMul, wire::kFMul},
                                                                 {llvm::Instruction::FDiv, wire::kFDiv}};
    for (const auto& [opcode, op] : kOps) {
        if (opcode == binary.getOpcode()) {
            out_.byte(op);
            return operand(binary.getOperand(0)) && operand(binary.getOperand(1));
        }
    }
    return false;
}

bool FunctionWriter::write_compare(llvm::CmpInst& compare) {
    if (compare.getOperand(0)->getType()->isPtrOrPtrVectorTy()) {
        return false;
    }
    const bool is_integer = llvm::isa<llvm::ICmpInst>(compare);
    out_.byte(is_integer ? wire::kICmp : wire::kFCmp);
    out_.byte(
        static_cast<std::uint8_t>(compare.getPredicate() - (is_integer ? llvm::CmpInst::FIRST_ICMP_PREDICATE : 0)));
    return operand(compare.getOperand(0)) && operand(compare.getOperand(1));
}

bool FunctionWriter::write_cast(llvm::CastInst& cast) {
    static constexpr std::pair<unsigned, std::uint8_t> kOps[] = {{llvm::Instruction::Trunc, wire::kTrunc},
                                                                 {llvm::Instruction::ZExt, wire::kZExt},
                                                                 {llvm::Instruction::SExt, wire::kSExt},
                                                                 {llvm::Instruction::FPTrunc, wire::kFPTrunc},
                                                                 {llvm::Instruction::FPExt, wire::kFPExt},
                                                                 {llvm::Instruction::UIToFP, wire::kUIToFP},
                                                                 {llvm::Instruction::SIToFP, wire::kSIToFP},
                                                                 {llvm::Instruction::FPToUI, wire::kFPToUI},
                                                                 {llvm::Instruction::FPToSI, wire::kFPToSI},
                                                                 {llvm::Instruction::BitCast, wire::kBitcast}};
    for (const auto& [opcode, op] : kOps) {
        if (opcode == cast.getOpcode()) {
            out_.byte(op);
            return type(cast.getType()) && operand(cast.getOperand(0));
        }
    }
    return false;
}

bool FunctionWriter::write_shuffle(llvm::ShuffleVectorInst& shuffle) {
    out_.byte(wire::kShuffle);
    if (!operand(shuffle.getOperand(0)) || !operand(shuffle.getOperand(1))) {
        return false;
    }
    out_.varint(shuffle.getShuffleMask().size());
    for (const int lane : shuffle.getShuffleMask()) {
        out_.varint(lane < 0 ? 0 : static_cast<std::uint64_t>(lane));
    }
    return true;
}

bool FunctionWriter::write_extract_value(llvm::ExtractValueInst& extract) {
    llvm::Value* aggregate = extract.getAggregateOperand();
    const unsigned field = extract.getNumIndices() == 1 ? extract.getIndices().front() : ~0U;
    const auto first_part = values_.find(aggregate);
    if (first_part == values_.end() || field > wire::kStructFieldsMax) {
        return false;
    }
    // A slice and the result of a compare-exchange are already two values.
    auto* call = llvm::dyn_cast<llvm::CallInst>(aggregate);
    const bool is_slice = call != nullptr && call->getType()->isStructTy() &&
                          llvm::cast<llvm::StructType>(call->getType())->getElementType(0)->isPointerTy();
    if (is_slice || llvm::isa<llvm::AtomicCmpXchgInst>(aggregate)) {
        values_[&extract] = first_part->second + field;
        return true;
    }
    out_.byte(wire::kExtractValue);
    if (!operand(aggregate)) {
        return false;
    }
    out_.varint(field);
    values_[&extract] = next_value_++;
    return true;
}

bool FunctionWriter::write_struct(llvm::InsertValueInst& last) {
    auto* record = llvm::dyn_cast<llvm::StructType>(last.getType());
    if (record == nullptr) {
        return false;
    }
    llvm::SmallVector<llvm::Value*, wire::kStructFieldsMax> fields(record->getNumElements(), nullptr);
    llvm::Value* at = &last;
    while (auto* insert = llvm::dyn_cast<llvm::InsertValueInst>(at)) {
        if (insert->getNumIndices() != 1) {
            return false;
        }
        llvm::Value*& field = fields[insert->getIndices().front()];
        field = field == nullptr ? insert->getInsertedValueOperand() : field;
        at = insert->getAggregateOperand();
    }
    auto* rest = llvm::dyn_cast<llvm::Constant>(at);
    out_.byte(wire::kMakeStruct);
    if (!type(record)) {
        return false;
    }
    for (unsigned i = 0; i < fields.size(); ++i) {
        if (fields[i] == nullptr && rest != nullptr) {
            fields[i] = rest->getAggregateElement(i);
        }
        if (fields[i] == nullptr || !operand(fields[i])) {
            return false;
        }
    }
    return true;
}

// ---- memory ----

std::optional<FunctionWriter::Address> FunctionWriter::address_of(llvm::Value* pointer) const {
    Address address;
    const llvm::DataLayout& layout = function_.getDataLayout();
    llvm::SmallVector<llvm::Value*, 2> variable;
    while (auto* gep = llvm::dyn_cast<llvm::GEPOperator>(pointer)) {
        llvm::APInt constant(64, 0);
        if (gep->accumulateConstantOffset(layout, constant)) {
            address.displacement += constant.getZExtValue();
        } else if (gep->getNumIndices() == 1 && gep->getSourceElementType()->isIntegerTy(8)) {
            variable.push_back(gep->getOperand(1));
        } else {
            return std::nullopt;
        }
        pointer = gep->getPointerOperand();
    }
    if (variable.size() > 1) {
        return std::nullopt;
    }
    address.base = pointer;
    address.offset = variable.empty() ? nullptr : variable.front();
    if (pointer == function_.getArg(0) && address.offset != nullptr) {
        auto* zext = llvm::dyn_cast<llvm::ZExtInst>(address.offset);
        if (zext == nullptr || !zext->getOperand(0)->getType()->isIntegerTy(32)) {
            return std::nullopt;
        }
        address.offset = zext->getOperand(0);
    }
    return address;
}

bool FunctionWriter::write_alloca(llvm::AllocaInst& object) {
    const auto size = object.getAllocationSize(function_.getDataLayout());
    if (!size || size->isScalable() || object.getParent() != &function_.getEntryBlock()) {
        return false;
    }
    out_.byte(wire::kAlloca);
    out_.varint(size->getFixedValue());
    frames_[&object] = static_cast<std::uint32_t>(frames_.size());
    return true;
}

bool FunctionWriter::write_local_access(const Address& address, llvm::Type* loaded, llvm::Value* stored) {
    const auto frame = frames_.find(llvm::dyn_cast<llvm::AllocaInst>(address.base));
    const auto table = numbers_.data_tables.find(llvm::dyn_cast<llvm::GlobalVariable>(address.base));
    const bool is_frame = llvm::isa<llvm::AllocaInst>(address.base) && frame != frames_.end();
    const bool is_table = llvm::isa<llvm::GlobalVariable>(address.base) && table != numbers_.data_tables.end();
    if (is_frame) {
        out_.byte(loaded != nullptr ? wire::kLoadFrame : wire::kStoreFrame);
    } else if (is_table && loaded != nullptr) {
        out_.byte(wire::kLoadTable);
    } else if (values_.contains(address.base)) {
        out_.byte(loaded != nullptr ? wire::kLoadSlice : wire::kStoreSlice);
    } else {
        return false;
    }
    if (!(loaded != nullptr ? type(loaded) : operand(stored))) {
        return false;
    }
    if (is_frame || is_table) {
        out_.varint(is_frame ? frame->second : table->second);
    } else if (!operand(address.base)) {
        return false;
    }
    auto* int64 = llvm::Type::getInt64Ty(function_.getContext());
    llvm::Value* offset = address.offset != nullptr ? address.offset : llvm::ConstantInt::get(int64, 0);
    if (address.displacement > 0xffffffff || !operand(offset)) {
        return false;
    }
    out_.varint(address.displacement);
    return true;
}

bool FunctionWriter::write_load(llvm::LoadInst& load) {
    if (load.isAtomic()) {
        return write_atomic(load, load.getPointerOperand(), load.getOrdering());
    }
    const auto address = address_of(load.getPointerOperand());
    if (!address) {
        return fail_at(load, "an address that is not base, offset and constant");
    }
    if (address->base != function_.getArg(0)) {
        return write_local_access(*address, load.getType(), nullptr);
    }
    out_.byte(wire::kLoadArena);
    auto* int32 = llvm::Type::getInt32Ty(function_.getContext());
    const bool fits = address->displacement <= wire::kAccessDispMax;
    if (!fits && (address->offset != nullptr || address->displacement > 0xffffffff)) {
        return fail_at(load, "a constant offset that reaches beyond the arena's guard");
    }
    llvm::Value* offset =
        address->offset != nullptr ? address->offset : llvm::ConstantInt::get(int32, fits ? 0 : address->displacement);
    if (!type(load.getType()) || !operand(offset)) {
        return false;
    }
    out_.varint(fits ? address->displacement : 0);
    return true;
}

bool FunctionWriter::write_store(llvm::StoreInst& store) {
    if (store.isAtomic()) {
        return write_atomic(store, store.getPointerOperand(), store.getOrdering());
    }
    const auto address = address_of(store.getPointerOperand());
    if (!address) {
        return fail_at(store, "an address that is not base, offset and constant");
    }
    if (address->base != function_.getArg(0)) {
        return write_local_access(*address, nullptr, store.getValueOperand());
    }
    out_.byte(wire::kStoreArena);
    auto* int32 = llvm::Type::getInt32Ty(function_.getContext());
    const bool fits = address->displacement <= wire::kAccessDispMax;
    if (!fits && (address->offset != nullptr || address->displacement > 0xffffffff)) {
        return fail_at(store, "a constant offset that reaches beyond the arena's guard");
    }
    llvm::Value* offset =
        address->offset != nullptr ? address->offset : llvm::ConstantInt::get(int32, fits ? 0 : address->displacement);
    if (!operand(store.getValueOperand()) || !operand(offset)) {
        return false;
    }
    out_.varint(fits ? address->displacement : 0);
    return true;
}

bool FunctionWriter::write_atomic(llvm::Instruction& instruction, llvm::Value* pointer, llvm::AtomicOrdering ordering) {
    const auto address = address_of(pointer);
    const auto code = ordering_code(ordering);
    if (!address || address->base != function_.getArg(0) || !code ||
        (address->offset != nullptr && address->displacement != 0) || address->displacement > 0xffffffff) {
        return fail_at(instruction, "an atomic access that is not to an arena offset without constant");
    }
    auto* int32 = llvm::Type::getInt32Ty(function_.getContext());
    llvm::Value* offset =
        address->offset != nullptr ? address->offset : llvm::ConstantInt::get(int32, address->displacement);
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
        out_.byte(wire::kAtomicLoad);
        out_.byte(*code);
        return type(load->getType()) && operand(offset);
    }
    if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
        out_.byte(wire::kAtomicStore);
        out_.byte(*code);
        return operand(store->getValueOperand()) && operand(offset);
    }
    if (auto* exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction)) {
        out_.byte(wire::kCmpXchg);
        out_.byte(*code);
        if (!operand(exchange->getCompareOperand()) || !operand(exchange->getNewValOperand()) || !operand(offset)) {
            return false;
        }
        values_[&instruction] = next_value_;
        next_value_ += 2;
        return true;
    }
    auto& rmw = llvm::cast<llvm::AtomicRMWInst>(instruction);
    const auto op = rmw_code(rmw.getOperation());
    if (!op) {
        return fail_at(instruction, "an atomic operation that safe IR has no form for");
    }
    out_.byte(wire::kAtomicRmw);
    out_.byte(*code);
    out_.byte(*op);
    return operand(rmw.getValOperand()) && operand(offset);
}

}  // namespace tessera::safeir
