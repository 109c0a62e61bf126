#include "safeir/lower/program/exceptions.h"

#include "safeir/spec/marks.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

#include <map>
#include <vector>

// The exception under way is in the variable __tessera_exception, null when there is none. A function that is left by
// an exception returns zero to its caller, which tests the variable before it uses the result. A function that can't
// throw (nounwind: C, and noexcept as far as the front end has not made a landing pad of it) ends the program instead.
//
// This is done behind the optimiser, which so sees the edges as the front end made them, inlines across them, and
// removes those that can't be taken. A landing pad becomes a question to the runtime: which of these clauses takes this
// exception?
namespace tessera::lower {

namespace {

constexpr const char* kPending = "__tessera_exception";
constexpr const char* kSelect = "__tessera_select_clause";
constexpr const char* kStop = "__tessera_exception_not_allowed";

enum ClauseKind : unsigned { kEnd = 0, kCatch = 1, kFilter = 2 };  // as in apps/sdk/cxx/unwind.cpp

bool catches_all(const llvm::LandingPadInst& pad) {
    for (unsigned i = 0; i < pad.getNumClauses(); ++i) {
        if (pad.isCatch(i) && llvm::isa<llvm::ConstantPointerNull>(pad.getClause(i))) {
            return true;
        }
    }
    return false;
}

class ProgramExceptions {
  public:
    explicit ProgramExceptions(llvm::Module& program)
        : program_(program), context_(program.getContext()), pointer_(llvm::PointerType::get(context_, 0)),
          pending_(program.getNamedGlobal(kPending)), select_(program.getFunction(kSelect)),
          stop_(program.getFunction(kStop)) {}

    void run() {
        if (pending_ != nullptr && select_ != nullptr && stop_ != nullptr) {
            find_throwing();
        }
        for (llvm::Function& function : program_) {
            if (throwing_.contains(&function)) {  // it does return, with an exception
                function.removeFnAttr(llvm::Attribute::NoReturn);
            }
        }
        for (llvm::Function& function : program_) {
            if (!function.isDeclaration()) {
                rewrite(function);
            }
        }
    }

    bool may_throw(const llvm::CallBase& call) const {
        if (throwing_.empty() || call.isInlineAsm() || llvm::isa<llvm::IntrinsicInst>(call)) {
            return false;
        }
        if (const llvm::Function* callee = callee_of(call); callee != nullptr) {
            return throwing_.contains(callee) || callee->getName() == safeir::marks::kTry;
        }
        // The front end calls each call in C one that throws nothing, whatever is behind the pointer.
        return !call.doesNotThrow() || call.getFunction()->doesNotThrow();
    }

  private:
    static const llvm::Function* callee_of(const llvm::CallBase& call) {
        return llvm::dyn_cast<llvm::Function>(call.getCalledOperand()->stripPointerCasts());
    }

    // The variable, or its address for the thread that runs the function.
    bool is_pending(const llvm::Value& address) const {
        const auto* thread = llvm::dyn_cast<llvm::IntrinsicInst>(&address);
        const bool is_thread = thread != nullptr && thread->getIntrinsicID() == llvm::Intrinsic::threadlocal_address;
        return &address == pending_ || (is_thread && thread->getArgOperand(0) == pending_);
    }
    llvm::Value* pending(llvm::Function& function) {
        llvm::Value*& address = pending_in_[&function];
        if (address == nullptr) {
            llvm::IRBuilder<> b(&*function.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
            address =
                pending_->isThreadLocal() ? b.CreateThreadLocalAddress(pending_) : static_cast<llvm::Value*>(pending_);
        }
        return address;
    }

    // A function throws if it sets the variable, passes an exception on, calls through a pointer, or calls such a
    // function.
    void find_throwing() {
        llvm::DenseMap<const llvm::Function*, llvm::SmallVector<const llvm::Function*, 4>> callers;
        llvm::SmallVector<const llvm::Function*> work;
        bool any = false;
        for (const llvm::Function& function : program_) {
            bool throws = false;
            for (const llvm::Instruction& instruction : llvm::instructions(function)) {
                if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
                    const bool sets =
                        is_pending(*store->getPointerOperand()) && !llvm::isa<llvm::Constant>(store->getValueOperand());
                    throws |= sets;
                    any |= sets;
                }
                throws |= llvm::isa<llvm::ResumeInst>(instruction);
                const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction);
                if (call == nullptr || call->doesNotThrow() || call->isInlineAsm() ||
                    llvm::isa<llvm::IntrinsicInst>(call)) {
                    continue;
                }
                const auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(call);
                if (invoke != nullptr &&
                    (invoke->getLandingPadInst()->isCleanup() || catches_all(*invoke->getLandingPadInst()))) {
                    continue;
                }
                if (const llvm::Function* callee = callee_of(*call); callee != nullptr) {
                    callers[callee].push_back(&function);
                    throws |= callee->getName() == safeir::marks::kTry;
                } else {
                    throws = true;
                }
            }
            if (throws && !function.doesNotThrow()) {
                throwing_.insert(&function);
                work.push_back(&function);
            }
        }
        if (!any) {  // the program throws nothing
            throwing_.clear();
            return;
        }
        while (!work.empty()) {
            for (const llvm::Function* caller : callers[work.pop_back_val()]) {
                if (!caller->doesNotThrow() && throwing_.insert(caller).second) {
                    work.push_back(caller);
                }
            }
        }
    }

    void rewrite(llvm::Function& function) {
        exit_ = nullptr;
        llvm::SmallVector<llvm::Instruction*> changed;
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
            const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
            if (llvm::isa<llvm::InvokeInst, llvm::LandingPadInst, llvm::ResumeInst>(instruction) ||
                (call != nullptr && may_throw(*call)) ||
                (intrinsic != nullptr && intrinsic->getIntrinsicID() == llvm::Intrinsic::eh_typeid_for)) {
                changed.push_back(&instruction);
            }
        }
        for (llvm::Instruction* instruction : changed) {
            if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(instruction)) {
                rewrite_invoke(*invoke);
            } else if (auto* pad = llvm::dyn_cast<llvm::LandingPadInst>(instruction)) {
                rewrite_pad(*pad);
            } else if (auto* resume = llvm::dyn_cast<llvm::ResumeInst>(instruction)) {
                rewrite_resume(*resume);
            } else if (llvm::isa<llvm::IntrinsicInst>(instruction)) {
                auto* type_info = llvm::cast<llvm::Constant>(instruction->getOperand(0));
                instruction->replaceAllUsesWith(llvm::ConstantExpr::getPtrToInt(type_info, instruction->getType()));
                instruction->eraseFromParent();
            } else {
                test_behind(*llvm::cast<llvm::CallInst>(instruction));
            }
        }
        function.setPersonalityFn(nullptr);
        if (!changed.empty()) {
            llvm::removeUnreachableBlocks(function);
        }
    }

    // Where control leaves the function with an exception under way.
    llvm::BasicBlock* exit_of(llvm::Function& function) {
        if (exit_ == nullptr) {
            exit_ = llvm::BasicBlock::Create(context_, "exception.exit", &function);
            llvm::IRBuilder<> b(exit_);
            llvm::Type* result = function.getReturnType();
            if (function.doesNotThrow()) {
                b.CreateCall(stop_);
                b.CreateUnreachable();
            } else if (result->isVoidTy()) {
                b.CreateRetVoid();
            } else {
                b.CreateRet(llvm::Constant::getNullValue(result));
            }
        }
        return exit_;
    }

    void test_before(llvm::Instruction& end, llvm::BasicBlock* thrown, llvm::BasicBlock* otherwise) {
        llvm::IRBuilder<> b(&end);
        llvm::Value* exception = b.CreateLoad(pointer_, pending(*end.getFunction()));
        b.CreateCondBr(
            b.CreateIsNotNull(exception), thrown, otherwise, llvm::MDBuilder(context_).createUnlikelyBranchWeights());
    }

    void rewrite_invoke(llvm::InvokeInst& invoke) {
        const bool throws = may_throw(invoke);
        llvm::CallInst* call = llvm::createCallMatchingInvoke(&invoke);
        call->insertBefore(invoke.getIterator());
        call->takeName(&invoke);
        invoke.replaceAllUsesWith(call);
        if (throws) {
            call->removeFnAttr(llvm::Attribute::NoReturn);
            test_before(invoke, invoke.getUnwindDest(), invoke.getNormalDest());
        } else {
            llvm::BranchInst::Create(invoke.getNormalDest(), invoke.getIterator());
            invoke.getUnwindDest()->removePredecessor(invoke.getParent());
        }
        invoke.eraseFromParent();
    }

    void test_behind(llvm::CallInst& call) {
        call.removeFnAttr(llvm::Attribute::NoReturn);
        llvm::Instruction* next = call.getNextNode();
        llvm::Function& function = *call.getFunction();
        if (llvm::isa<llvm::UnreachableInst>(next)) {
            llvm::BranchInst::Create(exit_of(function), next->getIterator());
            next->eraseFromParent();
        } else if (!llvm::isa<llvm::ReturnInst>(next) || (function.doesNotThrow() && !call.isMustTailCall())) {
            llvm::BasicBlock* rest = llvm::SplitBlock(call.getParent(), next);
            llvm::Instruction* end = call.getParent()->getTerminator();
            test_before(*end, exit_of(function), rest);
            end->eraseFromParent();
        }
    }

    void rewrite_resume(llvm::ResumeInst& resume) {
        llvm::IRBuilder<> b(&resume);
        if (pending_ != nullptr) {
            b.CreateStore(b.CreateExtractValue(resume.getValue(), 0), pending(*resume.getFunction()));
            b.CreateBr(exit_of(*resume.getFunction()));
        } else {
            b.CreateUnreachable();
        }
        resume.eraseFromParent();
    }

    void rewrite_pad(llvm::LandingPadInst& pad) {
        if (throwing_.empty()) {  // no invoke leads here any more
            pad.replaceAllUsesWith(llvm::Constant::getNullValue(pad.getType()));
            pad.eraseFromParent();
            return;
        }
        llvm::IRBuilder<> b(&pad);
        llvm::Value* exception = b.CreateLoad(pointer_, pending(*pad.getFunction()));
        llvm::Value* selector = b.getInt32(0);
        // Cleared first: what runs from here on makes tests of its own.
        b.CreateStore(llvm::ConstantPointerNull::get(pointer_), pending(*pad.getFunction()));
        if (pad.getNumClauses() != 0) {
            selector = b.CreateCall(select_, {exception, clauses(pad)});
            if (!pad.isCleanup() && !catches_all(pad)) {
                pass_on_unless_selected(pad, selector, exception);
                b.SetInsertPoint(&pad);
            }
        }
        llvm::Value* both = llvm::Constant::getNullValue(pad.getType());
        both = b.CreateInsertValue(b.CreateInsertValue(both, exception, 0), selector, 1);
        for (llvm::User* user : llvm::make_early_inc_range(pad.users())) {
            auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(user);
            if (extract != nullptr) {
                extract->replaceAllUsesWith(extract->getIndices()[0] == 0 ? exception : selector);
                extract->eraseFromParent();
            }
        }
        pad.replaceAllUsesWith(both);
        pad.eraseFromParent();
        if (auto* unused = llvm::cast<llvm::Instruction>(both); unused->use_empty()) {
            llvm::RecursivelyDeleteTriviallyDeadInstructions(unused);
        }
    }

    void pass_on_unless_selected(llvm::LandingPadInst& pad, llvm::Value* selector, llvm::Value* exception) {
        llvm::BasicBlock* head = pad.getParent();
        llvm::BasicBlock* rest = llvm::SplitBlock(head, &pad);
        llvm::BasicBlock* past = llvm::BasicBlock::Create(context_, "exception.past", head->getParent());
        llvm::IRBuilder<> b(past);
        b.CreateStore(exception, pending(*head->getParent()));
        b.CreateBr(exit_of(*head->getParent()));
        llvm::Instruction* end = head->getTerminator();
        b.SetInsertPoint(end);
        b.CreateCondBr(b.CreateIsNull(selector), past, rest);
        end->eraseFromParent();
    }

    llvm::Constant* table(llvm::ArrayRef<llvm::Constant*> entries) {
        auto* type = llvm::ArrayType::get(entries[0]->getType(), entries.size());
        auto* made = new llvm::GlobalVariable(program_,
                                              type,
                                              true,
                                              llvm::GlobalValue::InternalLinkage,
                                              llvm::ConstantArray::get(type, entries),
                                              "exception.clauses");
        return made;
    }

    llvm::Constant* clause(ClauseKind kind, llvm::Constant* what) {
        auto* number = llvm::ConstantInt::get(llvm::Type::getInt32Ty(context_), kind);
        return llvm::ConstantStruct::getAnon({number, what});
    }

    llvm::Constant* clauses(const llvm::LandingPadInst& pad) {
        auto* null = llvm::ConstantPointerNull::get(pointer_);
        llvm::SmallVector<llvm::Constant*> entries;
        for (unsigned i = 0; i < pad.getNumClauses(); ++i) {
            llvm::Constant* what = pad.getClause(i);
            if (pad.isCatch(i)) {
                entries.push_back(clause(kCatch, what));
                continue;
            }
            llvm::SmallVector<llvm::Constant*> allowed;
            for (unsigned j = 0; j < llvm::cast<llvm::ArrayType>(what->getType())->getNumElements(); ++j) {
                allowed.push_back(what->getAggregateElement(j));
            }
            allowed.push_back(null);
            entries.push_back(clause(kFilter, table(allowed)));
        }
        entries.push_back(clause(kEnd, null));
        llvm::Constant*& known = tables_[std::vector<llvm::Constant*>(entries.begin(), entries.end())];
        if (known == nullptr) {
            known = table(entries);
        }
        return known;
    }

    llvm::Module& program_;
    llvm::LLVMContext& context_;
    llvm::PointerType* pointer_;
    llvm::GlobalVariable* pending_;
    llvm::DenseMap<const llvm::Function*, llvm::Value*> pending_in_;
    llvm::Function* select_;
    llvm::Function* stop_;
    llvm::DenseSet<const llvm::Function*> throwing_;
    std::map<std::vector<llvm::Constant*>, llvm::Constant*> tables_;
    llvm::BasicBlock* exit_ = nullptr;  // of the function being rewritten
};

}  // namespace

bool is_exception_runtime(llvm::StringRef name) { return name == kPending || name == kSelect || name == kStop; }

void lower_exceptions(llvm::Module& program) { ProgramExceptions(program).run(); }

}  // namespace tessera::lower
