#include "safeir/lower/program/methods.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/shape.h"
#include "safeir/spec/marks.h"
#include "safeir/spec/method_name.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace tessera::lower {
namespace {

constexpr const char* kResultModule = "tessera_result";
constexpr const char* kResultsModule = "tessera_results";

struct MethodText {
    llvm::StringRef name;        // without the signature
    llvm::StringRef parameters;  // letters
    llvm::StringRef results;     // letters, the status first
};

// "<name>:<parameters>><results>"; the results are empty where there is no signature.
MethodText split(llvm::StringRef text) {
    const auto [name, signature] = text.split(':');
    const auto [parameters, results] = signature.split('>');
    return {name, parameters, results};
}

llvm::Type* type_of(char letter, llvm::LLVMContext& context) {
    switch (letter) {
    case 'i':
        return llvm::Type::getInt32Ty(context);
    case 'l':
        return llvm::Type::getInt64Ty(context);
    case 'f':
        return llvm::Type::getFloatTy(context);
    case 'd':
        return llvm::Type::getDoubleTy(context);
    case 'c':
    case 'r':
    case 'w':
        return llvm::PointerType::get(context, kCapabilitySpace);
    default:
        return nullptr;
    }
}

class Methods {
  public:
    Methods(llvm::Module& program, Diagnostics& diagnostics) : program_(program), diagnostics_(diagnostics) {}

    void run() {
        llvm::SmallVector<llvm::Function*> functions;
        for (llvm::Function& function : program_) {
            functions.push_back(&function);
        }
        for (llvm::Function* function : functions) {
            const llvm::StringRef module = import_module_of(*function);
            if (safeir::is_interface_id(std::string_view(module))) {
                read_import(*function);
            } else if (function->hasFnAttribute(safeir::marks::kExport)) {
                read_export(*function);
            }
        }
        for (llvm::Function& function : llvm::make_early_inc_range(program_)) {
            if (import_module_of(function) == kResultModule) {
                fetch_results(function);
            } else if (import_module_of(function) == kResultsModule) {
                drop_results(function);
            }
        }
    }

  private:
    // `first`: the type of the object, before the parameters.
    bool fits(const llvm::Function& function, const MethodText& method, const llvm::Type* first) {
        bool good = method.results.starts_with("i") && function.getReturnType()->isIntegerTy(32) &&
                    function.arg_size() == method.parameters.size() + 1 && function.getArg(0)->getType() == first;
        for (unsigned i = 0; good && i < method.parameters.size(); ++i) {
            good = function.getArg(i + 1)->getType() == type_of(method.parameters[i], program_.getContext());
        }
        for (const char letter : method.results) {
            good = good && type_of(letter, program_.getContext()) != nullptr && letter != 'r' && letter != 'w';
        }
        if (!good) {
            diagnostics_.error("method " + function.getName() + " is declared with other types than its name, '" +
                               method.name + ":" + method.parameters + ">" + method.results + "', says");
        }
        return good;
    }

    llvm::Type* result_type(llvm::StringRef letters) {
        llvm::SmallVector<llvm::Type*> types;
        for (const char letter : letters) {
            types.push_back(type_of(letter, program_.getContext()));
        }
        return types.size() == 1 ? types.front() : llvm::StructType::get(program_.getContext(), types);
    }

    void read_import(llvm::Function& function) {
        const std::string text = import_name_of(function).str();
        const MethodText method = split(text);
        function.addFnAttr(kImportName, method.name);
        if (method.name == "mint") {
            return;
        }
        if (!fits(function, method, llvm::PointerType::get(program_.getContext(), kCapabilitySpace))) {
            return;
        }
        function.addFnAttr(kMethodParameters, method.parameters);
        if (method.results.size() == 1) {
            return;
        }
        auto* type = llvm::FunctionType::get(
            result_type(method.results), function.getFunctionType()->params(), /*isVarArg=*/false);
        auto* whole = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "", program_);
        whole->takeName(&function);
        whole->copyAttributesFrom(&function);
        replace_calls(function, *whole);
    }

    // `whole` takes the place of the function that gives a status alone.
    void replace_calls(llvm::Function& function, llvm::Function& whole) {
        for (llvm::User* user : llvm::make_early_inc_range(function.users())) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(user);
            if (call == nullptr || call->getCalledFunction() != &function) {
                diagnostics_.error("method " + whole.getName() + " is used otherwise than by a call of its own type");
                return;
            }
            replace(*call, whole);
        }
        function.eraseFromParent();
    }

    void replace(llvm::CallInst& call, llvm::Function& whole) {
        llvm::IRBuilder<> builder(&call);
        llvm::SmallVector<llvm::Value*> arguments(call.args());
        auto* made = builder.CreateCall(&whole, arguments);
        call.replaceAllUsesWith(builder.CreateExtractValue(made, 0));
        call.eraseFromParent();
        calls_.insert(made);
    }

    // The call whose result this fetches: the one before it, with no way in between.
    llvm::CallInst* call_before(llvm::Instruction& fetch) {
        const llvm::BasicBlock* block = fetch.getParent();
        const llvm::Instruction* at = &fetch;
        for (unsigned blocks = 0; block != nullptr && blocks < 16; ++blocks) {
            for (; at != nullptr; at = at->getPrevNode()) {
                if (const auto* call = llvm::dyn_cast<llvm::CallInst>(at); call != nullptr && calls_.contains(call)) {
                    return const_cast<llvm::CallInst*>(call);
                }
            }
            block = block->getSinglePredecessor();
            at = block == nullptr ? nullptr : block->getTerminator();
        }
        return nullptr;
    }

    void fetch_results(llvm::Function& fetch) {
        const std::string name = import_name_of(fetch).str();
        unsigned number = 0;
        const bool known = !llvm::StringRef(name).drop_front().getAsInteger(10, number);
        for (llvm::User* user : llvm::make_early_inc_range(fetch.users())) {
            auto* call = llvm::cast<llvm::CallInst>(user);
            auto* method = call_before(*call);
            auto* type = method == nullptr ? nullptr : llvm::cast<llvm::StructType>(method->getType());
            if (!known || type == nullptr || number == 0 || number >= type->getNumElements() ||
                type->getElementType(number) != call->getType()) {
                diagnostics_.refuse(*call,
                                    "fetches a result, '" + name + "', that no call of a method before it gives");
                return;
            }
            llvm::IRBuilder<> builder(call);
            call->replaceAllUsesWith(builder.CreateExtractValue(method, number));
            call->eraseFromParent();
        }
        fetch.eraseFromParent();
    }

    void read_export(llvm::Function& function) {
        const std::string text = function.getFnAttribute(safeir::marks::kExport).getValueAsString().str();
        const MethodText method = split(text);
        if (!safeir::parse_method_name(std::string_view(method.name)) ||
            !fits(function, method, llvm::Type::getInt64Ty(program_.getContext()))) {
            return;
        }
        function.addFnAttr(safeir::marks::kExport, method.name);
        function.addFnAttr(kMethodParameters, method.parameters);
        if (method.results.size() > 1) {
            give_results(function, llvm::cast<llvm::StructType>(result_type(method.results)));
        }
    }

    void give_results(llvm::Function& function, llvm::StructType* type) {
        auto* whole = llvm::Function::Create(llvm::FunctionType::get(type, function.getFunctionType()->params(), false),
                                             function.getLinkage(),
                                             "",
                                             program_);
        whole->takeName(&function);
        whole->copyAttributesFrom(&function);
        whole->removeRetAttrs(llvm::AttributeFuncs::typeIncompatible(type, whole->getAttributes().getRetAttrs()));
        whole->setSubprogram(function.getSubprogram());
        function.setSubprogram(nullptr);
        whole->splice(whole->begin(), &function);
        for (unsigned i = 0; i < function.arg_size(); ++i) {
            function.getArg(i)->replaceAllUsesWith(whole->getArg(i));
            whole->getArg(i)->takeName(function.getArg(i));
        }
        replace_calls(function, *whole);
        for (llvm::BasicBlock& block : *whole) {
            if (auto* result = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator())) {
                llvm::DenseMap<llvm::Value*, llvm::Value*> made;
                result->setOperand(0, with_results(result->getReturnValue(), *type, result, made));
            }
        }
    }

    // A status, with the results that were given with it: none are zeros.
    llvm::Value* with_results(llvm::Value* status,
                              llvm::StructType& type,
                              llvm::Instruction* before,
                              llvm::DenseMap<llvm::Value*, llvm::Value*>& made) {
        if (auto* const known = made.lookup(status)) {
            return known;
        }
        if (auto* phi = llvm::dyn_cast<llvm::PHINode>(status)) {
            auto* merged = llvm::PHINode::Create(&type, phi->getNumIncomingValues(), "", phi->getIterator());
            made[status] = merged;
            for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
                auto* block = phi->getIncomingBlock(i);
                merged->addIncoming(with_results(phi->getIncomingValue(i), type, block->getTerminator(), made), block);
            }
            return merged;
        }
        auto* call = llvm::dyn_cast<llvm::CallInst>(status);
        const bool gives = call != nullptr && call->getCalledFunction() != nullptr &&
                           import_module_of(*call->getCalledFunction()) == kResultsModule;
        if (gives && call->arg_size() != type.getNumElements()) {
            diagnostics_.refuse(*call, "gives more or fewer results than the method has");
            return llvm::PoisonValue::get(&type);
        }
        llvm::IRBuilder<> builder(gives ? call->getNextNode() : before);
        llvm::Value* all = llvm::Constant::getNullValue(&type);
        all = builder.CreateInsertValue(all, gives ? call->getArgOperand(0) : status, 0);
        for (unsigned i = 1; gives && i < type.getNumElements(); ++i) {
            if (call->getArgOperand(i)->getType() != type.getElementType(i)) {
                diagnostics_.refuse(*call, "gives results of other types than the method's");
                return llvm::PoisonValue::get(&type);
            }
            all = builder.CreateInsertValue(all, call->getArgOperand(i), i);
        }
        if (gives) {
            made[status] = all;
        }
        return all;
    }

    void drop_results(llvm::Function& give) {
        for (llvm::User* user : llvm::make_early_inc_range(give.users())) {
            auto* call = llvm::cast<llvm::CallInst>(user);
            call->replaceAllUsesWith(call->getArgOperand(0));
            call->eraseFromParent();
        }
        give.eraseFromParent();
    }

    llvm::Module& program_;
    Diagnostics& diagnostics_;
    llvm::SmallPtrSet<const llvm::CallInst*, 16> calls_;  // that give more than a status
};

}  // namespace

void give_methods_their_results(llvm::Module& program, Diagnostics& diagnostics) {
    Methods(program, diagnostics).run();
}
}  // namespace tessera::lower
