#include "safeir/lower/program/thread_locals.h"

#include "safeir/lower/base/imports.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

#include <vector>

namespace tessera::lower {
namespace {

// What the SDK's threads know of them.
constexpr llvm::StringLiteral kBytes = "tessera_thread_bytes";
constexpr llvm::StringLiteral kInitial = "tessera_thread_initial";
constexpr llvm::StringLiteral kFirst = "tessera_thread_first";

struct Place {
    llvm::GlobalVariable* variable;
    std::uint64_t offset;
};

class ThreadLocals {
  public:
    ThreadLocals(llvm::Module& program, Diagnostics& diagnostics) : program_(program), diagnostics_(diagnostics) {}

    void run() {
        place();
        make_struct();
        const auto addresses = address_calls();
        for (llvm::IntrinsicInst* call : addresses) {
            replace(*call);
        }
        for (const Place& place : places_) {
            if (!place.variable->use_empty()) {
                diagnostics_.refuse(*place.variable, "the address of a thread's variable is no constant");
            }
            place.variable->eraseFromParent();
        }
        tell();
    }

  private:
    // One behind the other, as a C struct has its fields.
    void place() {
        const llvm::DataLayout& layout = program_.getDataLayout();
        for (llvm::GlobalVariable& variable : program_.globals()) {
            if (!variable.isThreadLocal()) {
                continue;
            }
            if (variable.isDeclaration() || variable.use_empty()) {
                variable.setThreadLocal(false);
                continue;
            }
            const llvm::Align align = layout.getPreferredAlign(&variable);
            align_ = std::max(align_, align);
            bytes_ = llvm::alignTo(bytes_, align);
            places_.push_back({&variable, bytes_});
            bytes_ += layout.getTypeAllocSize(variable.getValueType());
        }
        bytes_ = llvm::alignTo(bytes_, align_);
    }

    // `first` the first thread's own, `initial` what others begin with.
    void make_struct() {
        llvm::LLVMContext& context = program_.getContext();
        const llvm::DataLayout& layout = program_.getDataLayout();
        auto* byte = llvm::Type::getInt8Ty(context);
        std::vector<llvm::Constant*> fields;
        std::uint64_t at = 0;
        const auto fill_to = [&](std::uint64_t offset) {
            if (offset != at) {
                fields.push_back(llvm::ConstantAggregateZero::get(llvm::ArrayType::get(byte, offset - at)));
            }
        };
        for (const Place& place : places_) {
            fill_to(place.offset);
            fields.push_back(place.variable->getInitializer());
            at = place.offset + layout.getTypeAllocSize(place.variable->getValueType());
        }
        fill_to(bytes_);
        auto* initial = llvm::ConstantStruct::getAnon(context, fields, true);
        const auto make = [&](bool constant, const llvm::Twine& name) {
            auto* made = new llvm::GlobalVariable(
                program_, initial->getType(), constant, llvm::GlobalValue::InternalLinkage, initial, name);
            made->setAlignment(align_);
            return made;
        };
        first_ = make(false, "thread.first");
        initial_ = make(true, "thread.initial");
    }

    [[nodiscard]] std::vector<llvm::IntrinsicInst*> address_calls() {
        std::vector<llvm::IntrinsicInst*> found;
        for (llvm::Function& function : program_) {
            if (function.getIntrinsicID() == llvm::Intrinsic::threadlocal_address) {
                for (llvm::User* user : function.users()) {
                    found.push_back(llvm::cast<llvm::IntrinsicInst>(user));
                }
            }
        }
        return found;
    }

    void replace(llvm::IntrinsicInst& call) {
        auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(call.getArgOperand(0)->stripPointerCasts());
        llvm::Value* address = call.getArgOperand(0);
        if (const auto place = std::ranges::find(places_, variable, &Place::variable); place != places_.end()) {
            llvm::IRBuilder<> builder(&call);
            auto* word = builder.getInt64Ty();
            llvm::Value* first = builder.CreatePtrToInt(first_, word);
            first = builder.CreateAdd(first, llvm::ConstantInt::get(word, place->offset));
            address = builder.CreateIntToPtr(builder.CreateAdd(first, builder.CreateCall(local(), {})), call.getType());
        }
        call.replaceAllUsesWith(address);
        call.eraseFromParent();
    }

    // The same as long as a thread runs, and functions are only ever run by one.
    llvm::FunctionCallee local() {
        llvm::LLVMContext& context = program_.getContext();
        auto callee = program_.getOrInsertFunction("tessera_domain_local", llvm::Type::getInt64Ty(context));
        auto* function = llvm::cast<llvm::Function>(callee.getCallee());
        function->addFnAttr(kImportModule, "tessera_domain");
        function->addFnAttr(kImportName, "local");
        function->setDoesNotAccessMemory();
        function->setDoesNotThrow();
        function->setWillReturn();
        return callee;
    }

    void set(llvm::StringRef name, llvm::Constant* value) {
        if (auto* variable = program_.getNamedGlobal(name); variable != nullptr && !variable->isDeclaration()) {
            variable->setInitializer(value);
            variable->setConstant(true);
        }
    }

    void tell() {
        auto* type = program_.getNamedGlobal(kBytes)->getValueType();
        set(kBytes, llvm::ConstantInt::get(type, bytes_));
        set(kInitial, initial_);
        set(kFirst, first_);
    }

    llvm::Module& program_;
    Diagnostics& diagnostics_;
    std::vector<Place> places_;
    std::uint64_t bytes_ = 0;
    llvm::Align align_{16};
    llvm::GlobalVariable* first_ = nullptr;
    llvm::GlobalVariable* initial_ = nullptr;
};

// For a program that starts no threads.
void flatten(llvm::Module& program) {
    for (llvm::GlobalVariable& variable : program.globals()) {
        variable.setThreadLocal(false);
    }
    for (llvm::Function& function : llvm::make_early_inc_range(program)) {
        if (function.getIntrinsicID() == llvm::Intrinsic::threadlocal_address) {
            for (llvm::User* user : llvm::make_early_inc_range(function.users())) {
                auto* call = llvm::cast<llvm::CallInst>(user);
                call->replaceAllUsesWith(call->getArgOperand(0));
                call->eraseFromParent();
            }
        }
    }
}

}  // namespace

void lower_thread_locals(llvm::Module& program, Diagnostics& diagnostics) {
    const llvm::GlobalVariable* threads = program.getNamedGlobal(kBytes);
    if (threads == nullptr || threads->isDeclaration()) {
        flatten(program);
    } else {
        ThreadLocals(program, diagnostics).run();
    }
}

}  // namespace tessera::lower
