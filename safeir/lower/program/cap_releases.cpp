#include "safeir/lower/program/cap_releases.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/shape.h"
#include "safeir/spec/method_name.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicsWebAssembly.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace tessera::lower {
namespace {

constexpr llvm::StringLiteral kCapabilityModule = "tessera_capability";

bool is_capability(const llvm::Type* type) {
    return type->isPointerTy() && type->getPointerAddressSpace() == kCapabilitySpace;
}

// Where a capability is used, block by block: it is there from its definition on.
class Life {
  public:
    explicit Life(llvm::Instruction& value) : value_(value), home_(*value.getParent()) {
        llvm::SmallVector<llvm::BasicBlock*> work;
        for (llvm::User* user : value.users()) {
            auto* block = llvm::cast<llvm::Instruction>(user)->getParent();
            uses_.insert(llvm::cast<llvm::Instruction>(user));
            if (block != &home_ && alive_in_.insert(block).second) {
                work.push_back(block);
            }
        }
        while (!work.empty()) {
            for (llvm::BasicBlock* before : llvm::predecessors(work.pop_back_val())) {
                if (before != &home_ && alive_in_.insert(before).second) {
                    work.push_back(before);
                }
            }
        }
    }

    // Behind its last use in each block in which its life ends, and on each way out of it.
    void end_by(llvm::function_ref<void(llvm::Instruction& before)> release) {
        llvm::SmallVector<llvm::BasicBlock*> blocks(alive_in_.begin(), alive_in_.end());
        blocks.push_back(&home_);
        llvm::SmallVector<std::pair<llvm::BasicBlock*, llvm::BasicBlock*>> ways_out;
        for (llvm::BasicBlock* block : blocks) {
            if (!is_alive_behind(*block)) {
                release(*last_use(*block).getNextNode());
                continue;
            }
            llvm::SmallPtrSet<llvm::BasicBlock*, 4> seen;
            for (llvm::BasicBlock* next : llvm::successors(block)) {
                if (!alive_in_.contains(next) && seen.insert(next).second) {
                    ways_out.emplace_back(block, next);
                }
            }
        }
        for (const auto& [from, to] : ways_out) {
            release(*llvm::SplitEdge(from, to)->getFirstInsertionPt());
        }
    }

  private:
    bool is_alive_behind(llvm::BasicBlock& block) const {
        return llvm::any_of(llvm::successors(&block),
                            [this](llvm::BasicBlock* next) { return alive_in_.contains(next); });
    }

    llvm::Instruction& last_use(llvm::BasicBlock& block) {
        for (llvm::Instruction& instruction : llvm::reverse(block)) {
            if (uses_.contains(&instruction)) {
                return instruction;
            }
        }
        return value_;
    }

    llvm::Instruction& value_;
    llvm::BasicBlock& home_;
    llvm::SmallPtrSet<llvm::Instruction*, 8> uses_;
    llvm::SmallPtrSet<llvm::BasicBlock*, 8> alive_in_;
};

class Releases {
  public:
    explicit Releases(llvm::Module& program) : program_(program) {}

    void run() {
        llvm::SmallVector<llvm::Instruction*> owned;
        for (llvm::Function& function : program_) {
            for (llvm::Instruction& instruction : llvm::instructions(function)) {
                if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
                    add_owned(*call, owned);
                }
            }
        }
        for (llvm::Instruction* value : owned) {
            if (llvm::all_of(value->users(), [](llvm::User* user) { return keeps_no_name(*user); })) {
                Life(*value).end_by([&](llvm::Instruction& before) {
                    llvm::IRBuilder<>(&before).CreateCall(release_function(), {value});
                });
            }
        }
    }

  private:
    void add_owned(llvm::CallInst& call, llvm::SmallVector<llvm::Instruction*>& owned) {
        const auto* callee = call.getCalledFunction();
        if (callee == nullptr) {
            return;
        }
        const bool is_table = callee->getIntrinsicID() == llvm::Intrinsic::wasm_table_get_externref;
        const bool is_mint =
            safeir::is_interface_id(std::string_view(import_module_of(*callee))) && import_name_of(*callee) == "mint";
        if (is_table || is_mint || (is_method_import(*callee) && is_capability(call.getType()))) {
            owned.push_back(&call);
        } else if (is_method_import(*callee)) {
            add_results(call, owned);
        }
    }

    // Those of a method that gives more than its status. What nobody fetches is let go of, too.
    void add_results(llvm::CallInst& call, llvm::SmallVector<llvm::Instruction*>& owned) {
        const auto* type = llvm::dyn_cast<llvm::StructType>(call.getType());
        for (unsigned i = 0; type != nullptr && i < type->getNumElements(); ++i) {
            if (!is_capability(type->getElementType(i))) {
                continue;
            }
            llvm::SmallVector<llvm::ExtractValueInst*> fetched;
            bool whole = false;
            for (llvm::User* user : call.users()) {
                auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(user);
                whole = whole || extract == nullptr;
                if (extract != nullptr && extract->getIndices().front() == i) {
                    fetched.push_back(extract);
                }
            }
            if (fetched.empty() && !whole) {
                llvm::IRBuilder<> builder(call.getNextNode());
                owned.push_back(llvm::cast<llvm::Instruction>(builder.CreateExtractValue(&call, i)));
            } else if (fetched.size() == 1 && !whole) {
                owned.push_back(fetched.front());
            }
        }
    }

    // A call that gives the same capability back, or lets go of it itself, is not one.
    static bool keeps_no_name(llvm::User& user) {
        const auto* call = llvm::dyn_cast<llvm::CallInst>(&user);
        const auto* callee = call == nullptr ? nullptr : call->getCalledFunction();
        if (callee == nullptr || call->isMustTailCall()) {
            return false;
        }
        if (callee->isIntrinsic() || is_method_import(*callee)) {
            return true;
        }
        if (!import_module_of(*callee).empty()) {
            return import_module_of(*callee) == kCapabilityModule && import_name_of(*callee) != "release";
        }
        // What it gives may be what it takes.
        const auto* type = callee->getReturnType();
        return !type->isStructTy() && !is_capability(type);
    }

    llvm::FunctionCallee release_function() {
        if (release_ == nullptr) {
            for (llvm::Function& function : program_) {
                if (import_module_of(function) == kCapabilityModule && import_name_of(function) == "release") {
                    release_ = &function;
                }
            }
        }
        if (release_ == nullptr) {
            auto& context = program_.getContext();
            release_ = llvm::Function::Create(
                llvm::FunctionType::get(
                    llvm::Type::getVoidTy(context), {llvm::PointerType::get(context, kCapabilitySpace)}, false),
                llvm::GlobalValue::ExternalLinkage,
                "tessera_cap_release",
                program_);
            release_->addFnAttr(kImportModule, kCapabilityModule);
            release_->addFnAttr(kImportName, "release");
        }
        return release_;
    }

    llvm::Module& program_;
    llvm::Function* release_ = nullptr;
};

}  // namespace

void release_last_uses(llvm::Module& program) { Releases(program).run(); }

}  // namespace tessera::lower
