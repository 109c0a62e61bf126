#include "safeir/lower/function/function_lowering.h"

#include "safeir/lower/base/traps.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Local.h"

namespace tessera::lower {

static constexpr std::uint64_t kUncheckedFrameBytes = 4096;  // no larger than the unmapped guard below the stack

Frame frame_of(const llvm::Function& function, const MachineFrame& elsewhere) {
    Frame frame;
    const llvm::DataLayout& data = function.getDataLayout();
    for (const llvm::Instruction& instruction : llvm::instructions(function)) {
        const auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
        if (object == nullptr || !object->isStaticAlloca() || elsewhere.bytes.contains(object)) {
            continue;
        }
        const auto bytes = object->getAllocationSize(data);
        frame.bytes = llvm::alignTo(frame.bytes, object->getAlign());
        frame.align = std::max(frame.align, object->getAlign().value());
        frame.offsets[object] = frame.bytes;
        frame.bytes += bytes ? bytes->getFixedValue() : std::uint64_t{1} << 32;
    }
    frame.bytes = llvm::alignTo(frame.bytes, frame.align);
    return frame;
}

FunctionLowering::FunctionLowering(Lowering& program, llvm::Function& source, llvm::Function& target)
    : program_(program), source_(source), target_(target),
      b_(program.context, llvm::TargetFolder(program.target->getDataLayout())),
      machine_frame_(program.machine_frames[&source]) {
    base_ = target.getArg(0);
    base_->setName("base");
    unsigned next = 1;
    if (program.takes_stack.contains(&source)) {
        stack_ = target.getArg(next++);
        stack_->setName("sp");
    }
}

void FunctionLowering::run() {
    llvm::ReversePostOrderTraversal<llvm::Function*> order(&source_);
    for (llvm::BasicBlock* block : order) {
        entry_of_[block] = llvm::BasicBlock::Create(program_.context, block->getName(), &target_);
    }
    b_.SetInsertPoint(entry_of_[&source_.getEntryBlock()]);
    llvm::DebugLoc nowhere;
    if (llvm::DISubprogram* subprogram = source_.getSubprogram()) {
        nowhere = llvm::DILocation::get(program_.context, 0, 0, subprogram);
        b_.SetCurrentDebugLocation(llvm::DILocation::get(program_.context, subprogram->getLine(), 0, subprogram));
    }
    unsigned next = stack_ != nullptr ? 2 : 1;
    for (llvm::Argument& argument : source_.args()) {
        const Types parts = parts_of(&argument);
        Values passed;
        for (std::size_t i = program_.signatures.passed(parts).size(); i != 0; --i) {
            passed.push_back(target_.getArg(next++));
        }
        values_[&argument] = from_passed(passed, parts);
    }
    place_frame();
    for (llvm::BasicBlock* block : order) {
        if (block != &source_.getEntryBlock()) {
            b_.SetInsertPoint(entry_of_[block]);
        }
        pointers_.clear();
        for (llvm::Instruction& instruction : *block) {
            // A call without a place would not do in a function that has places.
            b_.SetCurrentDebugLocation(instruction.getDebugLoc() ? instruction.getDebugLoc() : nowhere);
            lower_instruction(instruction);
        }
        exit_of_[block] = b_.GetInsertBlock();
    }
    finish_phis();
    check_slices();
    sweep();
}

void FunctionLowering::place_frame() {
    // In the order of the source, not of the map.
    for (const llvm::Instruction& instruction : source_.getEntryBlock()) {
        const auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
        if (const auto found = machine_frame_.bytes.find(object); found != machine_frame_.bytes.end()) {
            addresses_[object] = {.root = nullptr,
                                  .frame = b_.CreateAlloca(llvm::ArrayType::get(b_.getInt8Ty(), found->second))};
        }
    }
    const Frame frame = frame_of(source_, machine_frame_);
    if (stack_ == nullptr) {
        return;
    }
    frame_stack_ = stack_;
    if (frame.bytes == 0) {
        return;
    }
    if (frame.bytes > (std::uint64_t{1} << 30)) {
        program_.diagnostics.refuse(source_, "local variables larger than 1 GiB");
        return;
    }
    llvm::Value* bytes = b_.getInt32(static_cast<std::uint32_t>(frame.bytes));
    if (frame.bytes >= kUncheckedFrameBytes) {
        check_stack(stack_, bytes);
    }
    frame_stack_ = b_.CreateSub(stack_, bytes, "frame");
    if (frame.align > 16) {
        frame_stack_ = b_.CreateAnd(frame_stack_,
                                    b_.getInt32(static_cast<std::uint32_t>(-static_cast<std::int64_t>(frame.align))));
    }
    llvm::Value* root = b_.CreateZExt(frame_stack_, program_.shapes.word());
    for (const auto& [object, offset] : frame.offsets) {
        addresses_[object] = {root, offset};
    }
}

// A step larger than the guard would jump over it. The limit is the main stack's; other stacks lie higher.
void FunctionLowering::check_stack(llvm::Value* before, llvm::Value* bytes) {
    llvm::Value* room = b_.CreateSub(before, b_.getInt32(program_.layout.image().stack_bottom));
    trap_if(b_.CreateICmpULT(room, bytes), kTrapStackOverflow);
}

void FunctionLowering::lower_instruction(llvm::Instruction& i) {
    for (llvm::Type* type : {i.getType(), i.getNumOperands() > 0 ? i.getOperand(0)->getType() : i.getType()}) {
        if (type->isLabelTy() || type->isMetadataTy() || type->isTokenTy()) {
            continue;
        }
        if (const std::string problem = program_.shapes.refusal(type); !problem.empty()) {
            refuse(i, "uses " + problem);
            define_zero(i);
            if (i.isTerminator()) {
                trap(kTrapUnreachable);
            }
            return;
        }
    }
    if (auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(&i)) {
        return lower_binary(*binary);
    }
    if (llvm::isa<llvm::BitCastInst>(i)) {
        return lower_bitcast(i);
    }
    if (auto* cast = llvm::dyn_cast<llvm::CastInst>(&i)) {
        return lower_cast(*cast);
    }
    if (auto* compare = llvm::dyn_cast<llvm::CmpInst>(&i)) {
        return lower_compare(*compare);
    }
    switch (i.getOpcode()) {
    case llvm::Instruction::Alloca:
        return;  // placed in the frame; those of variable size are gone
    case llvm::Instruction::Load:
        return lower_load(llvm::cast<llvm::LoadInst>(i));
    case llvm::Instruction::Store:
        return lower_store(llvm::cast<llvm::StoreInst>(i));
    case llvm::Instruction::GetElementPtr:
        return lower_gep(llvm::cast<llvm::GetElementPtrInst>(i));
    case llvm::Instruction::AtomicRMW:
        return lower_atomic_rmw(llvm::cast<llvm::AtomicRMWInst>(i));
    case llvm::Instruction::AtomicCmpXchg:
        return lower_compare_exchange(llvm::cast<llvm::AtomicCmpXchgInst>(i));
    case llvm::Instruction::Fence:
        b_.CreateFence(llvm::cast<llvm::FenceInst>(i).getOrdering());
        return;
    case llvm::Instruction::Call:
        return lower_call(llvm::cast<llvm::CallInst>(i));
    case llvm::Instruction::PHI:
        return lower_phi(llvm::cast<llvm::PHINode>(i));
    case llvm::Instruction::Select:
        return lower_select(llvm::cast<llvm::SelectInst>(i));
    case llvm::Instruction::ShuffleVector:
        return lower_shuffle(llvm::cast<llvm::ShuffleVectorInst>(i));
    case llvm::Instruction::ExtractElement:
        return lower_extract_element(llvm::cast<llvm::ExtractElementInst>(i));
    case llvm::Instruction::InsertElement:
        return lower_insert_element(llvm::cast<llvm::InsertElementInst>(i));
    case llvm::Instruction::FNeg: {
        const Values from = value(i.getOperand(0));
        return define(i, lanewise({from}, i.getType(), [&](auto x, unsigned) { return b_.CreateFNegFMF(x[0], &i); }));
    }
    case llvm::Instruction::Freeze: {
        Values parts = value(i.getOperand(0));
        if (!is_capability(i.getType())) {
            for (llvm::Value*& part : parts) {
                part = b_.CreateFreeze(part);
            }
        }
        return define(i, std::move(parts));
    }
    case llvm::Instruction::ExtractValue: {
        auto& extract = llvm::cast<llvm::ExtractValueInst>(i);
        const Values all = value(extract.getAggregateOperand());
        const unsigned first = part_index(extract.getAggregateOperand()->getType(), extract.getIndices());
        return define(i, Values(llvm::ArrayRef(all).slice(first, parts_of(&i).size())));
    }
    case llvm::Instruction::InsertValue: {
        auto& insert = llvm::cast<llvm::InsertValueInst>(i);
        Values all = value(insert.getAggregateOperand());
        const Values inserted = value(insert.getInsertedValueOperand());
        std::ranges::copy(inserted, all.begin() + part_index(i.getType(), insert.getIndices()));
        return define(i, std::move(all));
    }
    case llvm::Instruction::Ret:
        return lower_return(llvm::cast<llvm::ReturnInst>(i));
    case llvm::Instruction::Br:
        return lower_branch(llvm::cast<llvm::BranchInst>(i));
    case llvm::Instruction::Switch:
        return lower_switch(llvm::cast<llvm::SwitchInst>(i));
    case llvm::Instruction::Unreachable:
        return trap(kTrapUnreachable);
    default:
        break;
    }
    refuse(i, "instruction '" + llvm::Twine(i.getOpcodeName()) + "' can't be used");
    define_zero(i);
    if (i.isTerminator()) {
        trap(kTrapUnreachable);
    }
}

void FunctionLowering::lower_phi(llvm::PHINode& phi) {
    Values parts;
    for (llvm::Type* type : parts_of(&phi)) {
        parts.push_back(b_.CreatePHI(type, phi.getNumIncomingValues(), phi.getName()));
    }
    if (is_slice(&phi)) {
        refuse(phi, "a borrowed slice must be the same on every path; choose an offset instead");
    }
    values_[&phi] = std::move(parts);
    phis_.push_back(&phi);
}

void FunctionLowering::finish_phis() {
    for (llvm::PHINode* phi : phis_) {
        const Values parts = values_[phi];
        for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
            llvm::BasicBlock* from = phi->getIncomingBlock(i);
            const auto exit = exit_of_.find(from);
            if (exit == exit_of_.end()) {
                continue;  // an edge from a block that nothing reaches
            }
            // A switch may have several edges to one block, and what it gives along them has to be the very same value.
            const bool has_edge = static_cast<unsigned>(phi->getBasicBlockIndex(from)) < i;
            Values incoming;
            if (!has_edge) {
                b_.SetInsertPoint(exit->second->getTerminator());
                b_.SetCurrentDebugLocation(exit->second->getTerminator()->getDebugLoc());
                incoming = value(phi->getIncomingValue(i));
            }
            for (std::size_t part = 0; part < parts.size(); ++part) {
                auto* target = llvm::cast<llvm::PHINode>(parts[part]);
                target->addIncoming(has_edge ? target->getIncomingValueForBlock(exit->second) : incoming[part],
                                    exit->second);
            }
        }
    }
}

void FunctionLowering::lower_return(llvm::ReturnInst& instruction) {
    llvm::Value* result = instruction.getReturnValue();
    if (target_.getReturnType()->isVoidTy()) {
        b_.CreateRetVoid();
        return;
    }
    const Values passed = to_passed(value(result));
    if (passed.size() == 1) {
        b_.CreateRet(passed.front());
        return;
    }
    llvm::Value* record = llvm::PoisonValue::get(target_.getReturnType());
    for (unsigned i = 0; i < passed.size(); ++i) {
        // Not folded: the writer takes a structure apart into the values that were put in.
        record = b_.Insert(llvm::InsertValueInst::Create(record, passed[i], {i}));
    }
    b_.CreateRet(record);
}

void FunctionLowering::lower_branch(llvm::BranchInst& branch) {
    if (!branch.isConditional()) {
        b_.CreateBr(entry_of_[branch.getSuccessor(0)]);
        return;
    }
    b_.CreateCondBr(
        single(branch.getCondition()), entry_of_[branch.getSuccessor(0)], entry_of_[branch.getSuccessor(1)]);
}

// How many low bits of what a switch is on say all, if its author promised that no other case comes: an interpreter's
// jump on its next operation, for one. 0: no such promise, or the cases are too thin for a table.
static unsigned bits_that_decide(llvm::SwitchInst& instruction) {
    llvm::BasicBlock& fallback = *instruction.getDefaultDest();
    const bool promised = fallback.phis().empty() && llvm::isa<llvm::UnreachableInst>(*fallback.getFirstNonPHIOrDbg());
    if (!promised || instruction.getNumCases() < 4) {
        return 0;
    }
    unsigned bits = 0;
    for (const auto& entry : instruction.cases()) {
        bits = std::max(bits, entry.getCaseValue()->getValue().getActiveBits());
    }
    return bits < 12 && (1U << bits) <= 4 * instruction.getNumCases() ? bits : 0;
}

void FunctionLowering::lower_switch(llvm::SwitchInst& instruction) {
    llvm::Value* on = single(instruction.getCondition());
    if (on->getType()->isIntegerTy(128)) {
        return lower_wide_switch(instruction, on);
    }
    auto* type = llvm::cast<llvm::IntegerType>(on->getType());
    const unsigned bits = bits_that_decide(instruction);
    if (bits != 0 && bits < type->getBitWidth()) {
        on = type->getBitWidth() < 32 ? b_.CreateZExt(on, b_.getInt32Ty()) : on;
        return lower_full_switch(instruction, b_.CreateAnd(on, (std::uint64_t{1} << bits) - 1), 1U << bits);
    }
    llvm::SwitchInst* lowered = b_.CreateSwitch(on, entry_of_[instruction.getDefaultDest()], instruction.getNumCases());
    for (const auto& entry : instruction.cases()) {
        const llvm::APInt& number = entry.getCaseValue()->getValue();
        lowered->addCase(llvm::ConstantInt::get(program_.context, number.zext(type->getBitWidth())),
                         entry_of_[entry.getCaseSuccessor()]);
    }
}

// Which case it is, and then a switch on that: the checked form has none on 128 bits.
void FunctionLowering::lower_wide_switch(llvm::SwitchInst& instruction, llvm::Value* on) {
    llvm::Value* which = b_.getInt32(instruction.getNumCases());
    std::uint32_t index = 0;
    for (const auto& entry : instruction.cases()) {
        auto* number = llvm::ConstantInt::get(on->getType(), entry.getCaseValue()->getValue().zext(128));
        which = b_.CreateSelect(b_.CreateICmpEQ(on, number), b_.getInt32(index++), which);
    }
    llvm::SwitchInst* lowered = b_.CreateSwitch(which, entry_of_[instruction.getDefaultDest()], index);
    index = 0;
    for (const auto& entry : instruction.cases()) {
        lowered->addCase(b_.getInt32(index++), entry_of_[entry.getCaseSuccessor()]);
    }
}

// A case for every value of `on`: then code generation tests no range, and may repeat the jump behind each operation.
void FunctionLowering::lower_full_switch(llvm::SwitchInst& instruction, llvm::Value* on, unsigned values) {
    auto* type = llvm::cast<llvm::IntegerType>(on->getType());
    // Two blocks that differ: cases that go where the default goes would be dropped again.
    const auto trap_block = [&](unsigned reason) {
        llvm::BasicBlock* block = llvm::BasicBlock::Create(program_.context, "", &target_);
        const llvm::IRBuilderBase::InsertPointGuard back(b_);
        b_.SetInsertPoint(block);
        trap(reason);
        return block;
    };
    llvm::SwitchInst* lowered = b_.CreateSwitch(on, trap_block(kTrapAbort), values);
    for (const auto& entry : instruction.cases()) {
        lowered->addCase(llvm::ConstantInt::get(type, entry.getCaseValue()->getValue().getZExtValue()),
                         entry_of_[entry.getCaseSuccessor()]);
    }
    llvm::BasicBlock* nowhere = trap_block(kTrapUnreachable);
    for (unsigned i = 0; i < values; ++i) {
        auto* number = llvm::ConstantInt::get(type, i);
        if (lowered->findCaseValue(number) == lowered->case_default()) {
            lowered->addCase(number, nowhere);
        }
    }
}

// Drops what the lowering made and nothing used.
void FunctionLowering::sweep() {
    llvm::removeUnreachableBlocks(target_);
    llvm::SmallVector<llvm::Instruction*> all;
    for (llvm::Instruction& instruction : llvm::instructions(target_)) {
        all.push_back(&instruction);
    }
    for (llvm::Instruction* instruction : llvm::reverse(all)) {
        if (llvm::isInstructionTriviallyDead(instruction)) {
            instruction->eraseFromParent();
        }
    }
}

}  // namespace tessera::lower
