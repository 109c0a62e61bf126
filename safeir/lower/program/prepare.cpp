#include "safeir/lower/program/prepare.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/shape.h"
#include "safeir/lower/function/arena_layout.h"
#include "safeir/lower/program/exceptions.h"
#include "safeir/lower/program/program.h"
#include "safeir/lower/program/thread_locals.h"
#include "safeir/lower/unit/optimise.h"
#include "safeir/spec/marks.h"
#include "safeir/spec/method_name.h"

#include "llvm/Analysis/CallGraph.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace tessera::lower {

namespace {

class Preparation {
  public:
    Preparation(llvm::Module& program, const ProgramOptions& options, Diagnostics& diagnostics)
        : program_(program), options_(options), diagnostics_(diagnostics) {}

    void run() {
        resolve_aliases();
        call_constructors();
        wrap_capability_main();
        mark_exports();
        begin_thread_locals(program_);
        tell_whether_called();
        wrap_imports_used_as_pointers();
        for (const char* name :
             {"llvm.used", "llvm.compiler.used", "llvm.global_ctors", "llvm.global_dtors", "llvm.global.annotations"}) {
            if (llvm::GlobalVariable* list = program_.getNamedGlobal(name)) {
                list->eraseFromParent();
            }
        }
        for (llvm::GlobalValue& value : program_.global_values()) {
            const auto* function = llvm::dyn_cast<llvm::Function>(&value);
            const bool exported = function != nullptr && function->hasFnAttribute(safeir::marks::kExport);
            if (exported) {
                value.setLinkage(llvm::GlobalValue::ExternalLinkage);  // C++'s templates may be left out otherwise
            } else if (!value.isDeclaration() && !is_exception_runtime(value.getName())) {
                value.setLinkage(llvm::GlobalValue::InternalLinkage);
                value.setVisibility(llvm::GlobalValue::DefaultVisibility);
            }
            if (auto* object = llvm::dyn_cast<llvm::GlobalObject>(&value)) {
                object->setComdat(nullptr);
            }
        }
        optimise_program(program_, Effort::None);
        lower_exceptions(program_);
        lower_thread_locals(program_, diagnostics_);
        for (llvm::GlobalValue& value : program_.global_values()) {
            if (is_exception_runtime(value.getName()) && !value.isDeclaration()) {
                value.setLinkage(llvm::GlobalValue::InternalLinkage);
            }
        }
        optimise_program(program_, Effort::None);
        report_undefined();
    }

  private:
    void resolve_aliases() {
        for (llvm::GlobalAlias& alias : llvm::make_early_inc_range(program_.aliases())) {
            const std::string name = alias.getName().str();
            llvm::Constant* target = alias.getAliasee();
            alias.replaceAllUsesWith(target);
            alias.eraseFromParent();
            // A symbol that the linker was asked to export may be an alias's.
            if (auto* function = llvm::dyn_cast<llvm::Function>(target->stripPointerCasts()); function != nullptr) {
                for (const std::string& wanted : options_.exports) {
                    if (wanted == name) {
                        function->addFnAttr(safeir::marks::kExport, name);
                    }
                }
            }
        }
        for (llvm::GlobalIFunc& chosen : program_.ifuncs()) {
            diagnostics_.error("ifunc " + chosen.getName() + ": a program can't choose its functions while it loads");
        }
    }

    struct Structor {
        std::uint64_t priority;
        unsigned index;
        llvm::Function* function;
    };
    std::vector<Structor> structors(const char* list_name) {
        std::vector<Structor> found;
        const llvm::GlobalVariable* list = program_.getNamedGlobal(list_name);
        if (list == nullptr || !list->hasInitializer()) {
            return found;
        }
        for (unsigned i = 0; i < list->getInitializer()->getNumOperands(); ++i) {
            const auto* entry = llvm::dyn_cast<llvm::Constant>(list->getInitializer()->getOperand(i));
            const auto* priority = llvm::dyn_cast_or_null<llvm::ConstantInt>(entry->getAggregateElement(0U));
            auto* function =
                llvm::dyn_cast_or_null<llvm::Function>(entry->getAggregateElement(1U)->stripPointerCasts());
            if (priority != nullptr && function != nullptr) {
                found.push_back({priority->getZExtValue(), i, function});
            }
        }
        std::ranges::sort(found, {}, [](const Structor& entry) { return std::pair(entry.priority, entry.index); });
        return found;
    }

    // The body that a linker gives __wasm_call_ctors: constructors in order, and destructors registered to run at exit.
    void call_constructors() {
        llvm::LLVMContext& context = program_.getContext();
        llvm::Type* nothing = llvm::Type::getVoidTy(context);
        auto callee = program_.getOrInsertFunction("__wasm_call_ctors", llvm::FunctionType::get(nothing, false));
        auto* function = llvm::dyn_cast<llvm::Function>(callee.getCallee());
        if (function == nullptr || !function->isDeclaration()) {
            return;
        }
        function->setSubprogram(nullptr);
        llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
        for (const Structor& constructor : structors("llvm.global_ctors")) {
            builder.CreateCall(constructor.function);
        }
        for (const Structor& destructor : structors("llvm.global_dtors")) {
            llvm::Type* pointer = builder.getPtrTy();
            auto at_exit =
                program_.getOrInsertFunction("__cxa_atexit", builder.getInt32Ty(), pointer, pointer, pointer);
            auto* shim = llvm::Function::Create(llvm::FunctionType::get(nothing, {pointer}, false),
                                                llvm::GlobalValue::InternalLinkage,
                                                "destructor.at.exit",
                                                program_);
            llvm::IRBuilder<> body(llvm::BasicBlock::Create(context, "", shim));
            body.CreateCall(destructor.function);
            body.CreateRetVoid();
            auto* null = llvm::ConstantPointerNull::get(builder.getPtrTy());
            builder.CreateCall(at_exit, {shim, null, null});
        }
        builder.CreateRetVoid();
    }

    // A program that is handed capabilities has tessera_main instead of main: constructors run before it.
    void wrap_capability_main() {
        llvm::Function* inner = program_.getFunction("tessera_main");
        if (inner == nullptr || inner->isDeclaration()) {
            return;
        }
        inner->setName("tessera_main.inner");
        inner->removeFnAttr(kExportName);
        auto* outer = llvm::Function::Create(
            inner->getFunctionType(), llvm::GlobalValue::ExternalLinkage, "tessera_main", program_);
        outer->addFnAttr(safeir::marks::kExport, "tessera_main");
        llvm::IRBuilder<> builder(llvm::BasicBlock::Create(program_.getContext(), "", outer));
        builder.CreateCall(program_.getFunction("__wasm_call_ctors"));
        llvm::SmallVector<llvm::Value*> arguments;
        for (llvm::Argument& argument : outer->args()) {
            arguments.push_back(&argument);
        }
        llvm::Value* result = builder.CreateCall(inner, arguments);
        inner->getReturnType()->isVoidTy() ? builder.CreateRetVoid() : builder.CreateRet(result);
    }

    void mark_exports() {
        for (llvm::Function& function : program_) {
            if (function.isDeclaration()) {
                continue;
            }
            if (function.hasFnAttribute(kExportName)) {
                function.addFnAttr(safeir::marks::kExport, function.getFnAttribute(kExportName).getValueAsString());
            }
        }
        for (const std::string& name : options_.exports) {
            llvm::Function* function = program_.getFunction(name);
            if (function != nullptr && !function->isDeclaration()) {
                function->addFnAttr(safeir::marks::kExport, name);
            }
        }
        bool any = false;
        for (llvm::Function& function : program_) {
            any |= function.hasFnAttribute(safeir::marks::kExport);
        }
        if (!any) {
            diagnostics_.error(
                "the program has no entry point: it defines neither main nor tessera_main, and exports nothing");
        }
    }

    // The SDK's heap (apps/sdk/runtime/heap_lock.h) has a lock where calls from outside come on every core.
    void tell_whether_called() {
        llvm::GlobalVariable* called = program_.getNamedGlobal("tessera_is_called");
        if (called == nullptr || called->isDeclaration()) {
            return;
        }
        for (const llvm::Function& function : program_) {
            const auto name = function.getFnAttribute(safeir::marks::kExport).getValueAsString().split(':').first;
            if (safeir::parse_method_name(std::string_view(name))) {
                called->setInitializer(llvm::ConstantInt::get(called->getValueType(), 1));
            }
        }
    }

    // An import has no place in a function table, so a function that calls it takes its place.
    void wrap_imports_used_as_pointers() {
        llvm::SmallVector<llvm::Function*> imports;
        for (llvm::Function& function : program_) {
            if (!import_module_of(function).empty() && is_address_taken(function)) {
                imports.push_back(&function);
            }
        }
        for (llvm::Function* import : imports) {
            auto* wrapper = llvm::Function::Create(import->getFunctionType(),
                                                   llvm::GlobalValue::InternalLinkage,
                                                   import->getName() + ".pointer",
                                                   program_);
            import->replaceUsesWithIf(wrapper, [](llvm::Use& use) {
                const auto* call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
                return call == nullptr || !call->isCallee(&use);
            });
            llvm::IRBuilder<> builder(llvm::BasicBlock::Create(program_.getContext(), "", wrapper));
            llvm::SmallVector<llvm::Value*> arguments;
            for (llvm::Argument& argument : wrapper->args()) {
                arguments.push_back(&argument);
            }
            llvm::Value* result = builder.CreateCall(import, arguments);
            wrapper->getReturnType()->isVoidTy() ? builder.CreateRetVoid() : builder.CreateRet(result);
        }
    }

    void report_undefined() {
        for (llvm::Function& function : program_) {
            if (!function.isDeclaration() || function.isIntrinsic() || function.use_empty() ||
                function.hasExternalWeakLinkage() || !import_module_of(function).empty() ||
                function.getName().starts_with(safeir::marks::kHelperPrefix)) {
                continue;
            }
            const llvm::Instruction* user = nullptr;
            for (const llvm::User* candidate : function.users()) {
                user = user == nullptr ? llvm::dyn_cast<llvm::Instruction>(candidate) : user;
            }
            if (function.getName() == "__main_argc_argv" || function.getName() == "main") {
                diagnostics_.error("the program defines no main");
            } else if (user != nullptr) {
                diagnostics_.refuse(*user, "undefined symbol " + function.getName());
            } else {
                diagnostics_.error("undefined symbol " + function.getName());
            }
        }
    }

    llvm::Module& program_;
    const ProgramOptions& options_;
    Diagnostics& diagnostics_;
};

}  // namespace

void prepare_program(llvm::Module& program, const ProgramOptions& options, Diagnostics& diagnostics) {
    Preparation(program, options, diagnostics).run();
}

}  // namespace tessera::lower
