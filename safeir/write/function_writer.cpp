#include "safeir/write/function_writer.h"

#include "safeir/wire/format.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>

namespace tessera::safeir {

FunctionWriter::FunctionWriter(llvm::Function& function, ModuleTables& tables, const ModuleNumbers& numbers)
    : function_(function), tables_(tables), numbers_(numbers) {}

Result<ByteWriter> FunctionWriter::write() {
    for (llvm::Argument& argument : llvm::drop_begin(function_.args())) {
        values_[&argument] = next_value_++;
    }
    number_blocks();
    dominators_.calculate(function_);
    for (llvm::BasicBlock* each : order_) {
        write_above(*each);
        if (!write_block(*each)) {
            return fail(Blame::Program, error_);
        }
    }
    // Put the chunks together, with the phis' operands between them.
    ByteWriter body;
    body.varint(order_.size());
    std::size_t fixup = 0;
    for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
        body.bytes(chunks_[chunk].data());
        for (; fixup < fixups_.size() && fixups_[fixup].chunk == chunk; ++fixup) {
            llvm::Value* value = fixups_[fixup].value;
            if (auto* constant = llvm::dyn_cast<llvm::Constant>(value)) {
                const auto index = tables_.constant(constant);
                if (!index) {
                    fail_at(*value, "a phi merges a constant that safe IR has no form for");
                    return fail(Blame::Program, error_);
                }
                body.varint(std::uint64_t{*index} << 1U | 1U);
            } else if (const auto known = values_.find(value); known != values_.end()) {
                body.varint(known->second << 1U);
            } else {
                fail_at(*value, "a phi merges a value that safe IR has no form for");
                return fail(Blame::Program, error_);
            }
        }
    }
    body.bytes(out_.data());
    return body;
}

// Definitions come before their uses in reverse post-order; unreachable blocks are left out.
void FunctionWriter::number_blocks() {
    llvm::ReversePostOrderTraversal<llvm::Function*> traversal(&function_);
    for (llvm::BasicBlock* each : traversal) {
        blocks_[each] = static_cast<std::uint32_t>(order_.size());
        order_.push_back(each);
    }
}

// Of the blocks of the file that lead to one, each once, in their order.
llvm::SmallVector<std::uint32_t, 8> FunctionWriter::leading_to(llvm::BasicBlock& block) const {
    llvm::SmallVector<std::uint32_t, 8> from;
    for (const llvm::BasicBlock* each : llvm::predecessors(&block)) {
        if (const auto found = blocks_.find(each); found != blocks_.end()) {
            from.push_back(found->second);
        }
    }
    llvm::sort(from);
    from.erase(std::ranges::unique(from).begin(), from.end());
    return from;
}

// The immediate dominator, where it isn't the first block that leads here.
void FunctionWriter::write_above(llvm::BasicBlock& block) {
    const auto from = leading_to(block);
    const std::uint32_t above = from.empty() ? 0 : blocks_.at(dominators_.above(block));
    if (!from.empty() && above != from.front()) {
        out_.byte(wire::kAbove);
        out_.varint(blocks_.at(&block) - above);
    }
}

bool FunctionWriter::fail_at(const llvm::Value& value, std::string what) {
    if (error_.empty()) {
        error_ = fmt::format("{}, in function '{}'", what, function_.getName().str());
        if (const auto* instruction = llvm::dyn_cast<llvm::Instruction>(&value)) {
            if (const llvm::DILocation* location = instruction->getDebugLoc().get()) {
                error_ += fmt::format(" at {}:{}", location->getFilename().str(), location->getLine());
            }
        }
        std::string printed;
        llvm::raw_string_ostream stream(printed);
        value.print(stream);
        error_ += ": " + printed.substr(0, 200);
    }
    return false;
}

// ---- operands ----

bool FunctionWriter::operand(llvm::Value* value) {
    if (auto* constant = llvm::dyn_cast<llvm::Constant>(value)) {
        const auto index = tables_.constant(constant);
        if (!index) {
            return fail_at(*value, "safe IR has no form for this constant");
        }
        out_.varint(std::uint64_t{*index} << 1U | 1U);
        return true;
    }
    const auto known = values_.find(value);
    if (known == values_.end()) {
        return fail_at(*value, "safe IR has no form for this value as an operand");
    }
    out_.varint((next_value_ - known->second) << 1U);
    return true;
}

bool FunctionWriter::type(llvm::Type* type) {
    const auto code = tables_.type(type);
    if (!code) {
        return false;
    }
    out_.varint(*code);
    return true;
}

bool FunctionWriter::block(const llvm::BasicBlock* target) {
    out_.varint(blocks_.at(target));
    return true;
}

void FunctionWriter::write_location(const llvm::Instruction& instruction) {
    const llvm::DILocation* location = instruction.getDebugLoc().get();
    if (location == nullptr || location == location_ || function_.getSubprogram() == nullptr ||
        location->getLine() == 0) {
        return;
    }
    const llvm::DILocation* outermost = location;
    while (outermost->getInlinedAt() != nullptr) {
        outermost = outermost->getInlinedAt();
    }
    if (outermost->getScope()->getSubprogram() != function_.getSubprogram()) {
        return;
    }
    location_ = location;
    out_.byte(wire::kLocation);
    out_.varint(tables_.location(location));
}

// ---- blocks ----

// Address arithmetic and function pointers are part of the access or call that uses them, not instructions of their
// own.
bool FunctionWriter::is_folded(const llvm::Instruction& instruction) const {
    if (llvm::isa<llvm::GetElementPtrInst>(instruction)) {
        return true;
    }
    const auto only_addresses = [](const llvm::Instruction& value) {
        return !value.use_empty() && llvm::all_of(value.users(), [](const llvm::User* user) {
            return llvm::isa<llvm::GetElementPtrInst>(user);
        });
    };
    if (const auto* zext = llvm::dyn_cast<llvm::ZExtInst>(&instruction)) {
        return only_addresses(*zext) && llvm::all_of(zext->users(), [this](const llvm::User* user) {
                   const llvm::Value* base = llvm::cast<llvm::GetElementPtrInst>(user)->getPointerOperand();
                   const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(base);
                   return base == function_.getArg(0) || (table != nullptr && numbers_.function_tables.contains(table));
               });
    }
    if (instruction.getOpcode() == llvm::Instruction::And && !instruction.use_empty()) {
        return llvm::all_of(instruction.users(), [&](const llvm::User* user) {
            const auto* zext = llvm::dyn_cast<llvm::ZExtInst>(user);
            return zext != nullptr && is_folded(*zext) && llvm::all_of(zext->users(), [&](const llvm::User* gep) {
                       const auto* table = llvm::dyn_cast<llvm::GlobalVariable>(
                           llvm::cast<llvm::GetElementPtrInst>(gep)->getPointerOperand());
                       return table != nullptr && is_table_slot(gep);
                   });
        });
    }
    if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
        return load->getType()->isPointerTy();
    }
    if (const auto* insert = llvm::dyn_cast<llvm::InsertValueInst>(&instruction)) {
        return insert->hasOneUse() && llvm::isa<llvm::InsertValueInst>(*insert->user_begin()) &&
               llvm::cast<llvm::InsertValueInst>(*insert->user_begin())->getAggregateOperand() == insert;
    }
    return false;
}

bool FunctionWriter::write_block(llvm::BasicBlock& block) {
    for (llvm::Instruction& instruction : block) {
        if (is_folded(instruction)) {
            continue;
        }
        write_location(instruction);
        if (instruction.isTerminator()) {
            return write_terminator(instruction);
        }
        if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
            const llvm::Intrinsic::ID id = call->getIntrinsicID();
            if (id == llvm::Intrinsic::trap || id == llvm::Intrinsic::ubsantrap) {
                out_.byte(wire::kTrap);
                out_.byte(id == llvm::Intrinsic::trap
                              ? 3
                              : static_cast<std::uint8_t>(
                                    llvm::cast<llvm::ConstantInt>(call->getArgOperand(0))->getZExtValue()));
                if (llvm::isa<llvm::UnreachableInst>(block.getTerminator())) {
                    return true;
                }
                return fail_at(instruction, "a trap that is followed by other than unreachable");
            }
        }
        if (!write_instruction(instruction)) {
            return fail_at(instruction, "safe IR has no form for this instruction");
        }
    }
    return true;
}

bool FunctionWriter::write_terminator(llvm::Instruction& terminator) {
    if (auto* ret = llvm::dyn_cast<llvm::ReturnInst>(&terminator)) {
        out_.byte(ret->getReturnValue() != nullptr ? wire::kRet : wire::kRetVoid);
        return ret->getReturnValue() == nullptr || operand(ret->getReturnValue());
    }
    if (auto* branch = llvm::dyn_cast<llvm::BranchInst>(&terminator)) {
        if (branch->isUnconditional()) {
            out_.byte(wire::kBr);
            return block(branch->getSuccessor(0));
        }
        out_.byte(wire::kCondBr);
        return operand(branch->getCondition()) && block(branch->getSuccessor(0)) && block(branch->getSuccessor(1));
    }
    if (auto* switched = llvm::dyn_cast<llvm::SwitchInst>(&terminator)) {
        return write_switch(*switched);
    }
    if (llvm::isa<llvm::UnreachableInst>(terminator)) {
        out_.byte(wire::kTrap);
        out_.byte(1);
        return true;
    }
    return fail_at(terminator, "safe IR has no form for this end of a block");
}

bool FunctionWriter::write_switch(llvm::SwitchInst& switched) {
    out_.byte(wire::kSwitch);
    if (!operand(switched.getCondition()) || !block(switched.getDefaultDest())) {
        return false;
    }
    out_.varint(switched.getNumCases());
    for (const auto& each : switched.cases()) {
        if (!operand(each.getCaseValue()) || !block(each.getCaseSuccessor())) {
            return false;
        }
    }
    return true;
}

bool FunctionWriter::write_phi(llvm::PHINode& phi) {
    out_.byte(wire::kPhi);
    if (!type(phi.getType())) {
        return false;
    }
    const auto from = leading_to(*phi.getParent());
    out_.varint(from.size());
    chunks_.push_back(std::move(out_));
    out_ = ByteWriter();
    for (const std::uint32_t each : from) {
        fixups_.push_back({chunks_.size() - 1, phi.getIncomingValueForBlock(order_[each])});
    }
    values_[&phi] = next_value_++;
    return true;
}

}  // namespace tessera::safeir
