#include "safeir/lower/unit/setjmp.h"

#include "safeir/lower/base/shape.h"
#include "safeir/lower/unit/setjmp_calls.h"
#include "safeir/spec/marks.h"

#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

// A function that calls setjmp takes a token that no other activation has. setjmp writes token and label into the
// jmp_buf. From there on each call goes through tessera.try; when that reports a throw, the runtime says for which
// token and label it is (apps/sdk/runtime/setjmp.c): ours, then control goes to behind that setjmp with the value, else
// it is thrown on.
//
// This is done before optimisation, when local variables still rest in memory: whatever else lives across a setjmp is
// put there too, so that no value is used on a path that it does not dominate. The optimiser then sees all edges as
// they are.
namespace tessera::lower {

namespace {

bool is_setjmp(const llvm::CallBase& call) {
    const llvm::Function* callee = call.getCalledFunction();
    if (callee == nullptr || !callee->isDeclaration()) {
        return false;
    }
    const llvm::StringRef name = callee->getName();
    return name == "setjmp" || name == "_setjmp" || name == "sigsetjmp" || name == "__sigsetjmp";
}

bool may_throw(const llvm::Instruction& instruction) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call == nullptr || llvm::isa<llvm::IntrinsicInst>(call) || call->isInlineAsm()) {
        return false;
    }
    const llvm::Function* callee = call->getCalledFunction();
    return callee == nullptr || !callee->getName().starts_with("__tessera_");
}

class FunctionSetjmp {
  public:
    FunctionSetjmp(llvm::Function& function, Diagnostics& diagnostics)
        : function_(function), module_(*function.getParent()), context_(function.getContext()),
          diagnostics_(diagnostics) {}

    void run(llvm::ArrayRef<llvm::CallInst*> setjmps) {
        llvm::IRBuilder<> entry(&*function_.getEntryBlock().getFirstInsertionPt());
        llvm::Type* word = entry.getInt32Ty();
        token_ = entry.CreateCall(runtime("__tessera_frame_token", entry.getInt64Ty(), {}));
        result_ = entry.CreateAlloca(word, nullptr, "setjmp.result");
        split(setjmps);
        for (llvm::CallInst* call : setjmps) {
            // Zero the first time; the landing stores what was thrown and comes in behind this store.
            new llvm::StoreInst(
                llvm::ConstantInt::get(word, 0), result_, call->getParent()->getTerminator()->getIterator());
            llvm::BasicBlock* next = call->getParent()->getSingleSuccessor();
            call->replaceAllUsesWith(new llvm::LoadInst(word, result_, "", next->begin()));
        }
        put_values_into_memory();

        llvm::BasicBlock* landing = llvm::BasicBlock::Create(context_, "setjmp.landing", &function_);
        llvm::IRBuilder<> b(landing);
        llvm::Value* label = b.CreateCall(runtime("__tessera_landing", word, {b.getInt64Ty()}), {token_});
        llvm::Value* thrown_value = b.CreateCall(runtime("__tessera_jump_value", word, {}));
        llvm::BasicBlock* elsewhere = llvm::BasicBlock::Create(context_, "setjmp.elsewhere", &function_);
        llvm::SwitchInst* choice = b.CreateSwitch(label, elsewhere, static_cast<unsigned>(setjmps.size()));
        b.SetInsertPoint(elsewhere);
        b.CreateCall(runtime(safeir::marks::kThrow, b.getVoidTy(), {word}), {b.getInt32(1)});
        b.CreateUnreachable();

        b.SetInsertPoint(landing->getTerminator());
        b.CreateStore(thrown_value, result_);
        unsigned number = 0;
        for (llvm::CallInst* call : setjmps) {
            auto* mark = b.getInt32(++number);
            choice->addCase(mark, call->getParent()->getSingleSuccessor());
            b.SetInsertPoint(call);
            b.CreateCall(runtime("__tessera_setjmp", b.getVoidTy(), {b.getPtrTy(), b.getInt64Ty(), word}),
                         {call->getArgOperand(0), token_, mark});
            call->eraseFromParent();
        }
        guard_calls(landing);
    }

  private:
    llvm::FunctionCallee runtime(llvm::StringRef name, llvm::Type* result, llvm::ArrayRef<llvm::Type*> parameters) {
        return module_.getOrInsertFunction(name, llvm::FunctionType::get(result, parameters, false));
    }

    // Each setjmp ends its block, and each call that may throw begins one whose rest follows in another.
    void split(llvm::ArrayRef<llvm::CallInst*> setjmps) {
        llvm::SmallPtrSet<llvm::BasicBlock*, 8> after;
        for (llvm::CallInst* call : setjmps) {
            after.insert(llvm::SplitBlock(call->getParent(), call->getNextNode()));
        }
        // Only calls that can follow a setjmp of this activation can be jumped out of to here.
        llvm::SmallPtrSet<llvm::BasicBlock*, 32> reached;
        for (llvm::BasicBlock* start : after) {
            for (llvm::BasicBlock* block : llvm::depth_first(start)) {
                reached.insert(block);
            }
        }
        for (llvm::BasicBlock* block : reached) {
            for (llvm::Instruction& instruction : *block) {
                auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
                if (call != nullptr && may_throw(*call) && !is_setjmp(*call)) {
                    guarded_.push_back(call);
                }
            }
        }
        for (llvm::CallInst* call : guarded_) {
            llvm::SplitBlock(call->getParent(), call->getNextNode());
        }
    }

    void put_values_into_memory() {
        llvm::SmallVector<llvm::Instruction*> values;
        llvm::SmallVector<llvm::PHINode*> phis;
        for (llvm::Instruction& instruction : llvm::instructions(function_)) {
            auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
            if (&instruction == token_ || (object != nullptr && object->isStaticAlloca())) {
                continue;
            }
            if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) {
                phis.push_back(phi);
            } else if (instruction.isUsedOutsideOfBlock(instruction.getParent()) &&
                       !instruction.getType()->isTokenTy()) {
                values.push_back(&instruction);
            }
        }
        for (llvm::PHINode* phi : phis) {
            llvm::DemotePHIToStack(phi);
        }
        for (llvm::Instruction* value : values) {
            llvm::DemoteRegToStack(*value);
        }
    }

    void guard_calls(llvm::BasicBlock* landing) {
        for (llvm::CallInst* call : guarded_) {
            llvm::BasicBlock* block = call->getParent();
            llvm::BasicBlock* next = block->getSingleSuccessor();
            if (next == nullptr) {  // ends in unreachable: a call that never returns still may throw
                continue;
            }
            llvm::Value* thrown = call_through_try(*call, diagnostics_);
            if (thrown == nullptr) {
                continue;
            }
            llvm::Instruction* end = block->getTerminator();
            llvm::IRBuilder<> b(end);
            b.CreateCondBr(b.CreateICmpNE(thrown, b.getInt32(0)), landing, next);
            end->eraseFromParent();
        }
    }

    llvm::Function& function_;
    llvm::Module& module_;
    llvm::LLVMContext& context_;
    Diagnostics& diagnostics_;
    llvm::CallInst* token_ = nullptr;
    llvm::AllocaInst* result_ = nullptr;
    llvm::SmallVector<llvm::CallInst*> guarded_;
};

}  // namespace

void lower_setjmp(llvm::Module& module, Diagnostics& diagnostics) {
    llvm::SmallVector<std::pair<llvm::Function*, llvm::SmallVector<llvm::CallInst*>>> work;
    for (llvm::Function& function : module) {
        llvm::SmallVector<llvm::CallInst*> setjmps;
        const llvm::Instruction* invoke = nullptr;
        bool any = false;
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
            invoke = invoke == nullptr && llvm::isa<llvm::InvokeInst>(instruction) ? &instruction : invoke;
            if (call != nullptr && is_setjmp(*call)) {
                any = true;
                if (auto* plain = llvm::dyn_cast<llvm::CallInst>(call); plain != nullptr) {
                    setjmps.push_back(plain);
                }
            }
        }
        if (any && invoke != nullptr) {
            diagnostics.refuse(*invoke, "setjmp beside try or destructors; call it in a function of its own");
            continue;
        }
        if (!setjmps.empty()) {
            llvm::removeUnreachableBlocks(function);
            llvm::erase_if(setjmps, [](const llvm::CallInst* call) { return call->getParent() == nullptr; });
            work.emplace_back(&function, std::move(setjmps));
        }
    }
    for (auto& [function, setjmps] : work) {
        FunctionSetjmp(*function, diagnostics).run(setjmps);
    }
}

}  // namespace tessera::lower
