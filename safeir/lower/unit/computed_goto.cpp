#include "safeir/lower/unit/computed_goto.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {
namespace {

// A jump to `table[index]`, a constant table of labels, is a switch on the index itself. Otherwise on the label's
// number.
struct Jump {
    llvm::IndirectBrInst* jump;
    llvm::Value* index = nullptr;
    llvm::SmallVector<llvm::BasicBlock*> table = {};
};

void find_table(Jump& jump) {
    const auto* load = llvm::dyn_cast<llvm::LoadInst>(jump.jump->getAddress());
    const auto* slot = load != nullptr ? llvm::dyn_cast<llvm::GEPOperator>(load->getPointerOperand()) : nullptr;
    const auto* table = slot != nullptr ? llvm::dyn_cast<llvm::GlobalVariable>(slot->getPointerOperand()) : nullptr;
    if (table == nullptr || !table->isConstant() || !table->hasDefinitiveInitializer() || slot->getNumIndices() > 2 ||
        slot->getSourceElementType() != (slot->getNumIndices() == 1 ? load->getType() : table->getValueType())) {
        return;
    }
    const auto* first = llvm::dyn_cast<llvm::ConstantInt>(slot->getOperand(1));
    const auto* labels = llvm::dyn_cast<llvm::ConstantArray>(table->getInitializer());
    if (labels == nullptr || (slot->getNumIndices() == 2 && (first == nullptr || !first->isZero()))) {
        return;
    }
    for (const llvm::Use& label : labels->operands()) {
        const auto* address = llvm::dyn_cast<llvm::BlockAddress>(label->stripPointerCasts());
        if (address == nullptr || address->getFunction() != jump.jump->getFunction()) {
            jump.table.clear();
            return;
        }
        jump.table.push_back(address->getBasicBlock());
    }
    jump.index = slot->getOperand(slot->getNumOperands() - 1);
}

// All gotos of a function meet in one block in front of one jump. Where each brings its own element of a table, the
// indices can meet there instead.
void gather_indices(llvm::IndirectBrInst& jump) {
    auto* meeting = llvm::dyn_cast<llvm::PHINode>(jump.getAddress());
    if (meeting == nullptr || meeting->getParent() != jump.getParent() || !meeting->hasOneUse()) {
        return;
    }
    llvm::GEPOperator* model = nullptr;
    llvm::SmallVector<llvm::Value*> indices;
    for (llvm::Value* incoming : meeting->incoming_values()) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(incoming);
        auto* slot = load != nullptr ? llvm::dyn_cast<llvm::GEPOperator>(load->getPointerOperand()) : nullptr;
        if (slot == nullptr || slot->getNumIndices() > 2 ||
            !llvm::isa<llvm::GlobalVariable>(slot->getPointerOperand())) {
            return;
        }
        llvm::Value* index = slot->getOperand(slot->getNumOperands() - 1);
        if (model != nullptr && (slot->getPointerOperand() != model->getPointerOperand() ||
                                 slot->getNumIndices() != model->getNumIndices() ||
                                 slot->getSourceElementType() != model->getSourceElementType() ||
                                 index->getType() != indices.front()->getType())) {
            return;
        }
        model = slot;
        indices.push_back(index);
    }
    const auto* table = llvm::cast<llvm::GlobalVariable>(model->getPointerOperand());
    const auto* first = llvm::dyn_cast<llvm::ConstantInt>(model->getOperand(1));
    if (!table->isConstant() || (model->getNumIndices() == 2 && (first == nullptr || !first->isZero()))) {
        return;
    }
    llvm::IRBuilder<> b(meeting);
    llvm::PHINode* index = b.CreatePHI(indices.front()->getType(), meeting->getNumIncomingValues());
    for (unsigned i = 0; i < indices.size(); ++i) {
        index->addIncoming(indices[i], meeting->getIncomingBlock(i));
    }
    b.SetInsertPoint(&jump);
    llvm::SmallVector<llvm::Value*, 2> path;
    if (model->getNumIndices() == 2) {
        path.push_back(llvm::ConstantInt::get(first->getType(), 0));
    }
    path.push_back(index);
    llvm::Value* slot = b.CreateGEP(model->getSourceElementType(), model->getPointerOperand(), path);
    jump.setAddress(b.CreateLoad(meeting->getType(), slot));
    meeting->eraseFromParent();
}

void make_switch(const Jump& jump, const llvm::DenseMap<llvm::BasicBlock*, llvm::ConstantInt*>& numbers) {
    llvm::IndirectBrInst* from = jump.jump;
    llvm::BasicBlock* nowhere = llvm::BasicBlock::Create(from->getContext(), "", from->getFunction());
    llvm::IRBuilder<> b(nowhere);
    b.CreateUnreachable();
    b.SetInsertPoint(from);
    llvm::Value* on = jump.index != nullptr ? jump.index : b.CreatePtrToInt(from->getAddress(), b.getInt32Ty());
    llvm::SwitchInst* choice = b.CreateSwitch(on, nowhere, from->getNumDestinations());
    // One edge of the jump may become several of the switch, or none.
    llvm::SmallDenseMap<llvm::BasicBlock*, unsigned> edges;
    const auto go = [&](llvm::ConstantInt* number, llvm::BasicBlock* target) {
        choice->addCase(number, target);
        if (edges[target]++ > 0) {
            for (llvm::PHINode& phi : target->phis()) {
                phi.addIncoming(phi.getIncomingValueForBlock(from->getParent()), from->getParent());
            }
        }
    };
    llvm::SmallPtrSet<llvm::BasicBlock*, 16> seen;
    llvm::SmallVector<llvm::BasicBlock*> unused;
    for (unsigned i = 0; i < from->getNumDestinations(); ++i) {
        llvm::BasicBlock* target = from->getDestination(i);
        if (!seen.insert(target).second) {
            unused.push_back(target);
        } else if (jump.index == nullptr && numbers.contains(target)) {
            go(numbers.lookup(target), target);
        }
    }
    for (std::size_t i = 0; i < jump.table.size(); ++i) {
        if (seen.contains(jump.table[i])) {
            go(llvm::cast<llvm::ConstantInt>(llvm::ConstantInt::get(on->getType(), i)), jump.table[i]);
        }
    }
    for (llvm::BasicBlock* target : seen) {
        if (!edges.contains(target)) {
            unused.push_back(target);
        }
    }
    for (llvm::BasicBlock* target : unused) {
        target->removePredecessor(from->getParent());
    }
    from->eraseFromParent();
}

}  // namespace

void lower_computed_goto(llvm::Module& module) {
    llvm::Type* word = llvm::Type::getInt32Ty(module.getContext());
    for (llvm::Function& function : module) {
        llvm::SmallVector<Jump> jumps;
        for (llvm::BasicBlock& block : function) {
            if (auto* jump = llvm::dyn_cast<llvm::IndirectBrInst>(block.getTerminator())) {
                gather_indices(*jump);
                jumps.push_back({jump});
                find_table(jumps.back());
            }
        }
        // Every label whose address is taken gets a number; 0 stays the null pointer.
        llvm::DenseMap<llvm::BasicBlock*, llvm::ConstantInt*> numbers;
        std::uint32_t next = 1;
        for (llvm::BasicBlock& block : function) {
            if (llvm::BlockAddress* address = llvm::BlockAddress::lookup(&block)) {
                auto* number = llvm::ConstantInt::get(llvm::cast<llvm::IntegerType>(word), next++);
                numbers[&block] = number;
                address->replaceAllUsesWith(llvm::ConstantExpr::getIntToPtr(number, address->getType()));
                address->destroyConstant();
            }
        }
        for (const Jump& jump : jumps) {
            make_switch(jump, numbers);
        }
    }
}

}  // namespace tessera::lower
