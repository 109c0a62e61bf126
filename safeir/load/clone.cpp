#include "safeir/load/clone.h"

#include "llvm/IR/Attributes.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace tessera::safeir {
namespace {

class CapabilityRemapper final : public llvm::ValueMapTypeRemapper {
  public:
    llvm::Type* remapType(llvm::Type* type) override {
        if (llvm::isa<llvm::TargetExtType>(type)) {
            return llvm::PointerType::getUnqual(type->getContext());
        }
        if (auto* structure = llvm::dyn_cast<llvm::StructType>(type); structure != nullptr && structure->isLiteral()) {
            llvm::SmallVector<llvm::Type*, 8> fields;
            for (auto* field : structure->elements()) {
                fields.push_back(remapType(field));
            }
            return llvm::StructType::get(type->getContext(), fields);
        }
        if (auto* function = llvm::dyn_cast<llvm::FunctionType>(type)) {
            llvm::SmallVector<llvm::Type*, 8> parameters;
            for (auto* parameter : function->params()) {
                parameters.push_back(remapType(parameter));
            }
            return llvm::FunctionType::get(remapType(function->getReturnType()), parameters, false);
        }
        return type;
    }
};

void give_kernel_attributes(llvm::Function& function, Features features) {
    function.setAttributes({});
    function.addFnAttr(llvm::Attribute::NoUnwind);
    // Interrupts and signals that run program code's successor on the same stack must find nothing below rsp.
    function.addFnAttr(llvm::Attribute::NoRedZone);
    // A frame larger than a page is touched page by page, so an overflow meets the guard.
    function.addFnAttr("probe-stack", "inline-asm");
    function.addFnAttr("frame-pointer", "all");
    function.addFnAttr("target-cpu", features_name(features));
    // The set says what may be used, not whose loops are to be unrolled how far.
    function.addFnAttr("tune-cpu", "generic");
}

class Cloner final : public llvm::ValueMaterializer {
  public:
    Cloner(const llvm::Module& source, const SymbolNames& names, Features features, Linkage linkage)
        : names_(names), features_(features), linkage_(linkage),
          module_(std::make_unique<llvm::Module>("program", source.getContext())) {
        module_->setDataLayout(source.getDataLayout());
        module_->setTargetTriple(llvm::Triple("x86_64-unknown-linux-gnu"));
        module_->addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
        module_->addModuleFlag(llvm::Module::Warning, "Dwarf Version", 5);
    }

    // Declarations are made when something that is cloned refers to them.
    llvm::Value* materialize(llvm::Value* value) override {
        if (auto* function = llvm::dyn_cast<llvm::Function>(value)) {
            return declare(*function);
        }
        if (auto* global = llvm::dyn_cast<llvm::GlobalVariable>(value)) {
            return declare(*global);
        }
        return nullptr;
    }

    void define(const llvm::Function& source) {
        auto* target = llvm::cast<llvm::Function>(lookup(source));
        auto argument = target->arg_begin();
        for (const auto& original : source.args()) {
            map_[&original] = &*argument++;
        }
        llvm::SmallVector<llvm::ReturnInst*, 8> returns;
        llvm::CloneFunctionInto(
            target, &source, map_, llvm::CloneFunctionChangeType::DifferentModule, returns, "", nullptr, &types_, this);
        give_kernel_attributes(*target, features_);
        if (linkage_ == Linkage::Whole) {
            target->setLinkage(llvm::GlobalValue::InternalLinkage);
        }
    }

    void define(const llvm::GlobalVariable& source) {
        auto* target = llvm::cast<llvm::GlobalVariable>(lookup(source));
        target->setInitializer(llvm::MapValue(source.getInitializer(), map_, llvm::RF_None, &types_, this));
        if (linkage_ == Linkage::Whole) {
            target->setLinkage(llvm::GlobalValue::InternalLinkage);
        }
    }

    std::unique_ptr<llvm::Module> take() { return std::move(module_); }

  private:
    llvm::Value* lookup(const llvm::GlobalValue& value) {
        return llvm::MapValue(&value, map_, llvm::RF_None, &types_, this);
    }

    llvm::Function* declare(llvm::Function& source) {
        auto* type = llvm::cast<llvm::FunctionType>(types_.remapType(source.getFunctionType()));
        auto* target =
            llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, names_.of(source), module_.get());
        if (source.isIntrinsic()) {
            target->setAttributes(source.getAttributes());
            return target;
        }
        // Program code is at most 2 GiB away, the kernel may be anywhere.
        target->setDSOLocal(!source.isDeclaration());
        target->addFnAttr(llvm::Attribute::NoUnwind);
        return target;
    }

    llvm::GlobalVariable* declare(llvm::GlobalVariable& source) {
        auto* target = new llvm::GlobalVariable(*module_,
                                                source.getValueType(),
                                                /*isConstant=*/true,
                                                llvm::GlobalValue::ExternalLinkage,
                                                nullptr,
                                                names_.of(source));
        target->setAlignment(llvm::Align(64));
        target->setDSOLocal(true);
        return target;
    }

    const SymbolNames& names_;
    Features features_;
    Linkage linkage_;
    std::unique_ptr<llvm::Module> module_;
    llvm::ValueToValueMapTy map_;
    CapabilityRemapper types_;
};

}  // namespace

std::string function_symbol(std::uint32_t index) { return "f." + std::to_string(index); }

SymbolNames::SymbolNames(const llvm::Module& module) {
    for (const auto& function : module) {
        if (!function.isDeclaration()) {
            indices_[&function] = static_cast<std::uint32_t>(functions_.size());
            names_[&function] = function_symbol(static_cast<std::uint32_t>(functions_.size()));
            functions_.push_back(&function);
        } else if (function.hasFnAttribute("tessera.import")) {
            names_[&function] = "import." + function.getFnAttribute("tessera.import").getValueAsString().str();
        } else {
            names_[&function] =
                function.getName().str();  // helpers and intrinsics: the checker has seen to their types
        }
    }
    std::uint32_t tables = 0;
    for (const auto& global : module.globals()) {
        names_[&global] = "t." + std::to_string(tables++);
    }
}

std::unique_ptr<llvm::Module> clone_whole(const llvm::Module& module, const SymbolNames& names, Features features) {
    Cloner cloner(module, names, features, Linkage::Whole);
    for (const auto& global : module.globals()) {
        cloner.define(global);
    }
    for (const auto* function : names.functions()) {
        cloner.define(*function);
    }
    return cloner.take();
}

std::unique_ptr<llvm::Module>
clone_function(const llvm::Function& function, const SymbolNames& names, Features features) {
    Cloner cloner(*function.getParent(), names, features, Linkage::Pieces);
    cloner.define(function);
    return cloner.take();
}

std::unique_ptr<llvm::Module> clone_tables(const llvm::Module& module, const SymbolNames& names, Features features) {
    if (module.global_empty()) {
        return nullptr;
    }
    Cloner cloner(module, names, features, Linkage::Pieces);
    for (const auto& global : module.globals()) {
        cloner.define(global);
    }
    return cloner.take();
}

}  // namespace tessera::safeir
