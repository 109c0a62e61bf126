#include "safeir/recheck/function_rechecker.h"

#include "safeir/prove/dominators.h"
#include "safeir/prove/provenance.h"
#include "safeir/wire/format.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace tessera::safeir {

// ---- types and constants ----

bool KnownTypes::is_capability(const llvm::Type* type) {
    const auto* extension = llvm::dyn_cast<llvm::TargetExtType>(type);
    return extension != nullptr && extension->getName() == "tessera.cap" && extension->getNumTypeParameters() == 0 &&
           extension->getNumIntParameters() == 0;
}

bool KnownTypes::is_number(const llvm::Type* type) {
    if (const auto* integer = llvm::dyn_cast<llvm::IntegerType>(type)) {
        const unsigned bits = integer->getBitWidth();
        return bits == 1 || bits == 8 || bits == 16 || bits == 32 || bits == 64 || bits == 128;
    }
    if (type->isFloatTy() || type->isDoubleTy()) {
        return true;
    }
    const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
    if (vector == nullptr || !is_number(vector->getElementType()) || vector->getElementType()->isIntegerTy(128)) {
        return false;
    }
    const std::uint64_t lanes = vector->getNumElements();
    return lanes >= 2 && lanes <= wire::kLanesMax && std::has_single_bit(lanes) &&
           lanes * vector->getScalarSizeInBits() <= wire::kVectorBitsMax;
}

bool KnownTypes::is_memory(const llvm::Type* type) {
    const llvm::Type* scalar = type->getScalarType();
    return is_number(type) && !scalar->isIntegerTy(1) && !scalar->isIntegerTy(128);
}

bool KnownTypes::is_call_type(const llvm::Type* type) {
    if (is_capability(type)) {
        return true;
    }
    return type->isVectorTy() ? is_memory(type) : is_memory(type) && type->getPrimitiveSizeInBits() >= 32;
}

bool KnownTypes::is_value(llvm::Type* type) {
    const auto [entry, is_new] = values_.try_emplace(type, false);
    if (is_new) {
        auto* record = llvm::dyn_cast<llvm::StructType>(type);
        if (record != nullptr) {
            entry->second = record->isLiteral() && !record->isPacked() && record->getNumElements() >= 2 &&
                            record->getNumElements() <= wire::kStructFieldsMax &&
                            llvm::all_of(record->elements(), [](const llvm::Type* field) {
                                return is_number(field) || is_capability(field) ||
                                       (field->isPointerTy() && field->getPointerAddressSpace() == 0);
                            });
        } else {
            entry->second = is_number(type) || is_capability(type);
        }
    }
    return entry->second;
}

bool KnownTypes::is_constant(const llvm::Constant* constant) {
    if (llvm::isa<llvm::ConstantInt>(constant) || llvm::isa<llvm::ConstantFP>(constant)) {
        return is_number(constant->getType());
    }
    const auto [entry, is_new] = constants_.try_emplace(constant, false);
    if (is_new) {
        const bool plain = llvm::isa<llvm::ConstantDataVector>(constant) ||
                           llvm::isa<llvm::ConstantAggregateZero>(constant) ||
                           (llvm::isa<llvm::ConstantVector>(constant) &&
                            llvm::all_of(constant->operands(), [](const llvm::Use& element) {
                                return llvm::isa<llvm::ConstantInt>(element) || llvm::isa<llvm::ConstantFP>(element);
                            }));
        entry->second = plain && constant->getType()->isVectorTy() && is_number(constant->getType());
    }
    return entry->second;
}

// ---- the function ----

FunctionRechecker::FunctionRechecker(llvm::Function& function, KnownTypes& known, const Limits& limits)
    : function_(function), known_(known), limits_(limits) {}

bool FunctionRechecker::refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars, Site site) {
    if (!is_enforced(rule, site)) {
        return true;
    }
    if (refusal_) {
        return false;
    }
    std::string what(rule_sentence(rule));
    if (!particulars.empty()) {
        what += " (" + particulars + ")";
    }
    refusal_ = Refusal{rule_id(rule), std::move(what), function_.getName().str(), {}, {}};
    if (at != nullptr) {
        llvm::raw_string_ostream stream(refusal_->instruction);
        at->print(stream);
        refusal_->instruction.erase(0, refusal_->instruction.find_first_not_of(' '));
        refusal_->instruction.resize(std::min<std::size_t>(refusal_->instruction.size(), 160));
        if (const llvm::DILocation* location = at->getDebugLoc().get();
            location != nullptr && location->getLine() != 0) {
            refusal_->location = fmt::format("{}:{}", location->getFilename().str(), location->getLine());
        }
    }
    return false;
}

std::optional<Refusal> FunctionRechecker::check() {
    bool good = check_blocks();
    for (auto at = llvm::inst_begin(function_); good && at != llvm::inst_end(function_); ++at) {
        good = check_instruction(*at);
    }
    return std::move(refusal_);
}

bool FunctionRechecker::check_blocks() {
    for (const llvm::BasicBlock& block : function_) {
        if (block.empty() || !block.back().isTerminator() || block.hasAddressTaken()) {
            return refuse(Rule::Blocks, nullptr, "a block has no end, or its address is taken");
        }
    }
    if (!llvm::pred_empty(&function_.getEntryBlock())) {
        return refuse(Rule::Blocks, nullptr);
    }
    Dominators dominators;
    dominators.calculate(function_);
    blocks_ = dominators.tree();
    for (llvm::BasicBlock& block : function_) {
        if (!dominators.is_reachable(block)) {
            return refuse(Rule::Blocks, &block.front(), "unreachable block");
        }
        if (!check_phis(block)) {
            return false;
        }
    }
    return true;
}

// One entry an incoming edge, from the edges that there are; a block's several edges bring the same value.
bool FunctionRechecker::check_phis(llvm::BasicBlock& block) {
    if (!llvm::isa<llvm::PHINode>(block.front())) {
        return true;
    }
    llvm::SmallVector<const llvm::BasicBlock*, 8> edges(llvm::predecessors(&block));
    llvm::sort(edges);
    const bool has_repeats = std::ranges::adjacent_find(edges) != edges.end();
    const llvm::PHINode* good_before = nullptr;  // its blocks are known to be the edges
    for (llvm::PHINode& phi : block.phis()) {
        if (phi.getNumIncomingValues() == 0) {
            return refuse(Rule::Dominance, &phi, "a phi without entries");
        }
        const bool same_blocks = good_before != nullptr && std::ranges::equal(phi.blocks(), good_before->blocks());
        if (same_blocks && !has_repeats) {
            continue;
        }
        llvm::SmallVector<std::pair<const llvm::BasicBlock*, const llvm::Value*>, 8> incoming;
        for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i) {
            incoming.emplace_back(phi.getIncomingBlock(i), phi.getIncomingValue(i));
        }
        llvm::sort(incoming);
        if (!std::ranges::equal(incoming, edges, {}, &std::pair<const llvm::BasicBlock*, const llvm::Value*>::first)) {
            return refuse(Rule::Dominance, &phi, "a phi's entries are not the block's incoming edges");
        }
        for (std::size_t i = 1; has_repeats && i < incoming.size(); ++i) {
            if (incoming[i].first == incoming[i - 1].first && incoming[i].second != incoming[i - 1].second) {
                return refuse(Rule::Dominance, &phi, "a phi has two values for one block");
            }
        }
        good_before = &phi;
    }
    return true;
}

bool FunctionRechecker::check_common(llvm::Instruction& instruction) {
    if (instruction.hasMetadataOtherThanDebugLoc() || instruction.hasDbgRecords()) {
        return refuse(Rule::Metadata, &instruction);
    }
    llvm::Type* type = instruction.getType();
    const bool is_address =
        type->isPointerTy() && type->getPointerAddressSpace() == 0 &&
        (llvm::isa<llvm::GetElementPtrInst>(instruction) || llvm::isa<llvm::AllocaInst>(instruction) ||
         llvm::isa<llvm::LoadInst>(instruction) || llvm::isa<llvm::ExtractValueInst>(instruction));
    if (!type->isVoidTy() && !is_address && !known_.is_value(type)) {
        return refuse(type->isPointerTy() ? Rule::Provenance : Rule::Type, &instruction);
    }
    for (const llvm::Use& use : instruction.operands()) {
        if (!check_operand(instruction, use)) {
            return false;
        }
    }
    return true;
}

bool FunctionRechecker::check_operand(llvm::Instruction& user, const llvm::Use& use) {
    llvm::Value* value = use.get();
    if (llvm::isa<llvm::BasicBlock>(value)) {
        return true;
    }
    if (value->getType()->isPointerTy()) {
        if (!check_pointer_use(user, use)) {
            return false;
        }
    } else if (auto* constant = llvm::dyn_cast<llvm::Constant>(value)) {
        if (known_.is_constant(constant)) {
            return true;
        }
        if (llvm::isa<llvm::UndefValue>(constant)) {
            // A struct starts out as poison and is filled: check_insert_value.
            return llvm::isa<llvm::InsertValueInst>(user) && use.getOperandNo() == 0 ? true
                                                                                     : refuse(Rule::Poison, &user);
        }
        return refuse(Rule::Constant, &user);
    }
    if (llvm::isa<llvm::MetadataAsValue>(value) || llvm::isa<llvm::InlineAsm>(value)) {
        return refuse(Rule::Instruction, &user);
    }
    return true;
}

// Pointers are used for addresses, and passed to functions; nothing else. What exactly is checked where the address or
// the call is.
bool FunctionRechecker::check_pointer_use(llvm::Instruction& user, const llvm::Use& use) {
    const unsigned operand = use.getOperandNo();
    const bool is_base = use.get() == function_.getArg(0);
    if (llvm::isa<llvm::GetElementPtrInst>(user) && operand == 0) {
        return true;
    }
    if (llvm::isa<llvm::CallInst>(user)) {
        return true;
    }
    const bool as_address =
        (llvm::isa<llvm::LoadInst>(user) && operand == 0) || (llvm::isa<llvm::StoreInst>(user) && operand == 1) ||
        ((llvm::isa<llvm::AtomicRMWInst>(user) || llvm::isa<llvm::AtomicCmpXchgInst>(user)) && operand == 0);
    if (as_address) {
        return true;
    }
    if (llvm::isa<llvm::StoreInst>(user)) {
        return refuse(Rule::MemoryType, &user);
    }
    if (llvm::isa<llvm::CastInst>(user)) {
        return refuse(Rule::Instruction, &user);
    }
    return refuse(is_base ? Rule::BaseUse : Rule::Provenance, &user);
}

bool FunctionRechecker::check_flags(llvm::Instruction& instruction) {
    if (instruction.hasPoisonGeneratingFlags() ||
        (llvm::isa<llvm::FPMathOperator>(instruction) && instruction.getFastMathFlags().any())) {
        return refuse(Rule::Flags, &instruction);
    }
    return true;
}

bool FunctionRechecker::check_instruction(llvm::Instruction& instruction) {
    if (!check_common(instruction) || !check_flags(instruction)) {
        return false;
    }
    const auto capability_operand = [](const llvm::Use& use) { return use->getType()->isTargetExtTy(); };
    switch (instruction.getOpcode()) {
    case llvm::Instruction::PHI:
        if (instruction.getPrevNode() != nullptr && !llvm::isa<llvm::PHINode>(instruction.getPrevNode())) {
            return refuse(Rule::Dominance, &instruction, "a phi behind other instructions");
        }
        return KnownTypes::is_number(instruction.getType()) || KnownTypes::is_capability(instruction.getType()) ||
               refuse(Rule::Provenance, &instruction, "a phi merges numbers or capabilities only");
    case llvm::Instruction::Br:
    case llvm::Instruction::Switch:
    case llvm::Instruction::Ret:           // pointers: check_pointer_use
    case llvm::Instruction::ExtractValue:  // no struct lies in another: KnownTypes::is_value
    case llvm::Instruction::ICmp:
    case llvm::Instruction::FCmp:
    case llvm::Instruction::FNeg:
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Mul:
    case llvm::Instruction::And:
    case llvm::Instruction::Or:
    case llvm::Instruction::Xor:
    case llvm::Instruction::FAdd:
    case llvm::Instruction::FSub:
    case llvm::Instruction::FMul:
    case llvm::Instruction::FDiv:
    case llvm::Instruction::Trunc:
    case llvm::Instruction::ZExt:
    case llvm::Instruction::SExt:
    case llvm::Instruction::FPTrunc:
    case llvm::Instruction::FPExt:
    case llvm::Instruction::UIToFP:
    case llvm::Instruction::SIToFP:
        return true;
    case llvm::Instruction::BitCast:
        return llvm::none_of(instruction.operands(), capability_operand) || refuse(Rule::CapabilityUse, &instruction);
    case llvm::Instruction::Select:
        return !instruction.getType()->isStructTy() || refuse(Rule::Type, &instruction);
    case llvm::Instruction::Freeze:
        return llvm::none_of(instruction.operands(), capability_operand) && !instruction.getType()->isStructTy()
                   ? true
                   : refuse(Rule::CapabilityUse, &instruction);
    case llvm::Instruction::UDiv:
    case llvm::Instruction::SDiv:
    case llvm::Instruction::URem:
    case llvm::Instruction::SRem:
        return check_division(llvm::cast<llvm::BinaryOperator>(instruction));
    case llvm::Instruction::Shl:
    case llvm::Instruction::LShr:
    case llvm::Instruction::AShr:
        return check_shift(llvm::cast<llvm::BinaryOperator>(instruction));
    case llvm::Instruction::FPToUI:
    case llvm::Instruction::FPToSI:
        return check_float_to_int(llvm::cast<llvm::CastInst>(instruction));
    case llvm::Instruction::ExtractElement:
        return check_lane(instruction, instruction.getOperand(0), instruction.getOperand(1));
    case llvm::Instruction::InsertElement:
        return check_lane(instruction, instruction.getOperand(0), instruction.getOperand(2));
    case llvm::Instruction::ShuffleVector:
        return llvm::none_of(llvm::cast<llvm::ShuffleVectorInst>(instruction).getShuffleMask(),
                             [](int lane) { return lane < 0; }) ||
               refuse(Rule::Poison, &instruction, "a shuffle leaves a lane open");
    case llvm::Instruction::InsertValue:
        return check_insert_value(llvm::cast<llvm::InsertValueInst>(instruction));
    case llvm::Instruction::Unreachable:
        return check_unreachable(instruction);
    case llvm::Instruction::Alloca:
        return check_alloca(llvm::cast<llvm::AllocaInst>(instruction));
    case llvm::Instruction::Load:
        return check_load(llvm::cast<llvm::LoadInst>(instruction));
    case llvm::Instruction::Store:
        return check_store(llvm::cast<llvm::StoreInst>(instruction));
    case llvm::Instruction::GetElementPtr:
        return check_address(llvm::cast<llvm::GetElementPtrInst>(instruction));
    case llvm::Instruction::Fence:
        return llvm::cast<llvm::FenceInst>(instruction).getSyncScopeID() == llvm::SyncScope::System ||
               refuse(Rule::Atomic, &instruction);
    case llvm::Instruction::AtomicRMW: {
        auto& rmw = llvm::cast<llvm::AtomicRMWInst>(instruction);
        static constexpr auto kLastPlain = llvm::AtomicRMWInst::UMin;
        if (rmw.getOperation() > kLastPlain || rmw.getSyncScopeID() != llvm::SyncScope::System || rmw.isVolatile()) {
            return refuse(Rule::Atomic, &instruction);
        }
        return check_atomic(rmw, rmw.getPointerOperand(), rmw.getType(), rmw.getOrdering(), rmw.getAlign());
    }
    case llvm::Instruction::AtomicCmpXchg: {
        auto& exchange = llvm::cast<llvm::AtomicCmpXchgInst>(instruction);
        if (exchange.getSyncScopeID() != llvm::SyncScope::System || exchange.isVolatile()) {
            return refuse(Rule::Atomic, &instruction);
        }
        return check_atomic(exchange,
                            exchange.getPointerOperand(),
                            exchange.getCompareOperand()->getType(),
                            exchange.getFailureOrdering(),
                            exchange.getAlign());
    }
    case llvm::Instruction::Call:
        return check_call(llvm::cast<llvm::CallInst>(instruction));
    default:
        return refuse(Rule::Instruction, &instruction);
    }
}

}  // namespace tessera::safeir
