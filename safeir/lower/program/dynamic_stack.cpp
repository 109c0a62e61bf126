#include "safeir/lower/program/dynamic_stack.h"

#include "safeir/lower/base/dynamic_stack.h"

#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

namespace tessera::lower {

namespace {

bool is_dynamic(const llvm::Instruction& instruction) {
    const auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    return object != nullptr && !object->isStaticAlloca();
}

class ExplicitStack {
  public:
    ExplicitStack(llvm::Function& function, llvm::FunctionCallee frame) : function_(function) {
        llvm::IRBuilder<> builder(&*function.getEntryBlock().getFirstInsertionPt());
        word_ = builder.getInt32Ty();
        current_ = builder.CreateAlloca(word_, nullptr, "sp");
        builder.CreateStore(builder.CreateCall(frame), current_);
        first_ = current_->getNextNode()->getNextNode();
    }

    void run() {
        llvm::SmallVector<llvm::Instruction*> all;
        for (llvm::Instruction& instruction : llvm::instructions(function_)) {
            all.push_back(&instruction);
        }
        for (llvm::Instruction* instruction : all) {
            if (instruction != first_) {
                rewrite(*instruction);
            }
        }
        llvm::DominatorTree dominators(function_);
        llvm::PromoteMemToReg({current_}, dominators);
    }

  private:
    void rewrite(llvm::Instruction& instruction) {
        llvm::IRBuilder<> b(&instruction);
        if (is_dynamic(instruction)) {
            auto& object = llvm::cast<llvm::AllocaInst>(instruction);
            const llvm::DataLayout& data = function_.getDataLayout();
            const auto size =
                static_cast<std::uint32_t>(data.getTypeAllocSize(object.getAllocatedType()).getFixedValue());
            llvm::Value* bytes = b.CreateMul(b.CreateZExtOrTrunc(object.getArraySize(), word_), b.getInt32(size));
            const auto align = static_cast<std::int32_t>(std::max<std::uint64_t>(16, object.getAlign().value()));
            llvm::Value* before = b.CreateLoad(word_, current_);
            llvm::Value* lower =
                b.CreateAnd(b.CreateSub(before, bytes), b.getInt32(static_cast<std::uint32_t>(-align)));
            // Marked for the lowering, which puts the check for a stack that runs out here.
            llvm::FunctionCallee check =
                function_.getParent()->getOrInsertFunction("tessera.stack.check", b.getVoidTy(), word_, word_);
            b.CreateCall(check, {before, bytes});
            b.CreateStore(lower, current_);
            replace(object, b.CreateIntToPtr(lower, object.getType()));
        } else if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
            if (call->getIntrinsicID() == llvm::Intrinsic::stacksave) {
                replace(*call, b.CreateIntToPtr(b.CreateLoad(word_, current_), call->getType()));
            } else if (call->getIntrinsicID() == llvm::Intrinsic::stackrestore) {
                b.CreateStore(b.CreatePtrToInt(call->getArgOperand(0), word_), current_);
                call->eraseFromParent();
            } else if (!llvm::isa<llvm::IntrinsicInst>(call) && !call->isInlineAsm()) {
                llvm::OperandBundleDef bundle(kStackBundle, b.CreateLoad(word_, current_));
                auto* with_stack = llvm::CallInst::Create(call, {bundle}, call->getIterator());
                with_stack->takeName(call);
                replace(*call, with_stack);
            }
        }
    }

    static void replace(llvm::Instruction& old, llvm::Value* value) {
        old.replaceAllUsesWith(value);
        old.eraseFromParent();
    }

    llvm::Function& function_;
    llvm::Type* word_ = nullptr;
    llvm::AllocaInst* current_ = nullptr;
    llvm::Instruction* first_ = nullptr;
};

}  // namespace

bool has_dynamic_stack(const llvm::Function& function) {
    for (const llvm::Instruction& instruction : llvm::instructions(function)) {
        const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
        if (is_dynamic(instruction) || (call != nullptr && call->getIntrinsicID() == llvm::Intrinsic::stackrestore)) {
            return true;
        }
    }
    return false;
}

void make_stack_explicit(llvm::Module& program) {
    llvm::Type* word = llvm::Type::getInt32Ty(program.getContext());
    llvm::SmallVector<llvm::Function*> functions;
    for (llvm::Function& function : program) {
        if (!function.isDeclaration() && has_dynamic_stack(function)) {
            functions.push_back(&function);
        }
    }
    for (llvm::Function* function : functions) {
        ExplicitStack(*function, program.getOrInsertFunction(kFrameFunction, llvm::FunctionType::get(word, false)))
            .run();
    }
}

}  // namespace tessera::lower
