#include "safeir/lower/program/thread_locals.h"

#include "safeir/lower/base/imports.h"
#include "safeir/spec/marks.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/ReplaceConstant.h"

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
            replace_direct_uses(place);
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
            address = address_of(*place, builder);
        }
        call.replaceAllUsesWith(address);
        call.eraseFromParent();
    }

    llvm::Value* address_of(const Place& place, llvm::IRBuilder<>& builder) {
        auto* word = builder.getInt64Ty();
        llvm::Value* first = builder.CreatePtrToInt(first_, word);
        first = builder.CreateAdd(first, llvm::ConstantInt::get(word, place.offset));
        return builder.CreateIntToPtr(builder.CreateAdd(first, builder.CreateCall(local(), {})), builder.getPtrTy());
    }

    // Where clang names the variable itself (what initialises it, and registers its destructor), the thread's is meant.
    void replace_direct_uses(const Place& place) {
        llvm::convertUsersOfConstantsToInstructions({place.variable});
        llvm::DenseMap<llvm::Function*, llvm::Value*> addresses;
        for (llvm::Use& use : llvm::make_early_inc_range(place.variable->uses())) {
            auto* instruction = llvm::dyn_cast<llvm::Instruction>(use.getUser());
            if (instruction == nullptr) {
                continue;
            }
            llvm::Value*& address = addresses[instruction->getFunction()];
            if (address == nullptr) {
                llvm::IRBuilder<> builder(&*instruction->getFunction()->getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
                address = address_of(place, builder);
            }
            use.set(address);
        }
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
            variable->setExternallyInitialized(false);
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

// What a program does that starts a fiber, and the method that the kernel calls on it (apps/sdk/threads/fibers.c).
static constexpr llvm::StringLiteral kBegin = "tessera_fiber_begin";
static constexpr llvm::StringLiteral kTask = "e0d87a251c158a9f/";

static bool is_task(const llvm::Function& function) {
    return function.getFnAttribute(safeir::marks::kExport).getValueAsString().starts_with(kTask);
}

// Whether anything but the tasks themselves leads to one: the C library's and C++'s other parts bring the code along.
static bool starts_threads(const llvm::Module& program) {
    const llvm::Function* begin = program.getFunction(kBegin);
    if (begin == nullptr || begin->isDeclaration()) {
        return false;
    }
    llvm::SmallVector<const llvm::User*> work;
    llvm::DenseSet<const llvm::User*> seen;
    const auto reach = [&](const llvm::User* user) {
        if (seen.insert(user).second) {
            work.push_back(user);
        }
    };
    for (const llvm::Function& function : program) {
        if (function.hasFnAttribute(safeir::marks::kExport) && !is_task(function)) {
            reach(&function);
        }
    }
    for (const char* list : {"llvm.global_ctors", "llvm.global_dtors"}) {
        if (const llvm::GlobalVariable* entries = program.getNamedGlobal(list)) {
            reach(entries);
        }
    }
    const auto reach_operands = [&](const llvm::User& user) {
        for (const llvm::Value* operand : user.operands()) {
            if (llvm::isa<llvm::Constant>(operand)) {
                reach(llvm::cast<llvm::User>(operand));
            }
        }
    };
    while (!work.empty()) {
        const llvm::User* user = work.pop_back_val();
        reach_operands(*user);
        if (const auto* function = llvm::dyn_cast<llvm::Function>(user)) {
            for (const llvm::Instruction& instruction : llvm::instructions(*function)) {
                reach_operands(instruction);
            }
        }
    }
    return seen.contains(begin);
}

void begin_thread_locals(llvm::Module& program) {
    if (!starts_threads(program)) {
        for (llvm::Function& function : program) {
            if (is_task(function)) {
                function.removeFnAttr(safeir::marks::kExport);
            }
        }
        flatten(program);
        return;
    }
    for (const llvm::StringRef name : {kBytes, kInitial, kFirst}) {
        if (llvm::GlobalVariable* variable = program.getNamedGlobal(name)) {
            variable->setExternallyInitialized(true);
        }
    }
}

void lower_thread_locals(llvm::Module& program, Diagnostics& diagnostics) {
    const llvm::GlobalVariable* bytes = program.getNamedGlobal(kBytes);
    if (bytes != nullptr && bytes->isExternallyInitialized()) {
        ThreadLocals(program, diagnostics).run();
    } else {
        flatten(program);
    }
}

}  // namespace tessera::lower
