#include "safeir/load/clone.h"

#include "safeir/load/line_recorder.h"
#include "safeir/load/wide_vectors.h"
#include "safeir/read/helpers.h"

#include "llvm/IR/Attributes.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

#include <algorithm>

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

llvm::AttributeList kernel_attributes(llvm::LLVMContext& context, Features features) {
    llvm::AttrBuilder attributes(context);
    attributes.addAttribute(llvm::Attribute::NoUnwind);
    // Interrupts and signals that run program code's successor on the same stack must find nothing below rsp.
    attributes.addAttribute(llvm::Attribute::NoRedZone);
    // A frame larger than a page is touched page by page, so an overflow meets the guard.
    attributes.addAttribute("probe-stack", "inline-asm");
    attributes.addAttribute("frame-pointer", "all");
    const auto name = features_name(features);
    attributes.addAttribute("target-cpu", {name.data(), name.size()});
    // The set says what may be used, not whose loops are to be unrolled how far.
    attributes.addAttribute("tune-cpu", "generic");
    if (features == Features::X86_64_v4) {
        // Wide vectors are whole registers, loops that LLVM vectorises stay at 256 bits.
        attributes.addAttribute("prefer-vector-width", "256");
    }
    return llvm::AttributeList::get(context, llvm::AttributeList::FunctionIndex, attributes);
}

enum class Linkage : std::uint8_t {
    Whole,   // one object: functions and tables are internal to it
    Pieces,  // several objects, visible to each other by stubs
};

bool is_trap(const llvm::CallBase& call) {
    const auto id = call.getIntrinsicID();
    return id == llvm::Intrinsic::ubsantrap || id == llvm::Intrinsic::trap;
}

// LLVM's own cloner looks through all debug information of every function, and keeps track of every value by a handle:
// five times the work. Source and copy share context, constants and source locations.
class Cloner final : public llvm::ValueMaterializer {
  public:
    Cloner(const llvm::Module& source, const SymbolNames& names, Features features, Linkage linkage)
        : names_(names), features_(features),
          attributes_(kernel_attributes(source.getContext(), std::min(features, Features::X86_64_v3))),
          wide_attributes_(kernel_attributes(source.getContext(), features)), linkage_(linkage),
          module_(std::make_unique<llvm::Module>("program", source.getContext())) {
        module_->setDataLayout(source.getDataLayout());
        module_->setTargetTriple(llvm::Triple("x86_64-unknown-linux-gnu"));
    }

    // Declarations are made when something that is cloned refers to them.
    llvm::Value* materialize(llvm::Value* value) override {
        const auto* global = llvm::dyn_cast<llvm::GlobalValue>(value);
        return global == nullptr ? nullptr : declared(*global);
    }

    void define(const llvm::Function& source) {
        auto* target = &to_define(source);
        values_.clear();
        auto argument = target->arg_begin();
        for (const auto& original : source.args()) {
            values_[&original] = &*argument++;
        }
        for (const auto& block : source) {
            values_[&block] = llvm::BasicBlock::Create(target->getContext(), "", target);
        }
        for (const auto& block : source) {
            copy_instructions(block, *llvm::cast<llvm::BasicBlock>(values_.lookup(&block)));
        }
        for (auto& block : *target) {
            for (auto& instruction : block) {
                redirect(instruction);
            }
        }
        const bool is_wide = features_ == Features::X86_64_v4 && works_on_wide_vectors(source);
        target->setAttributes(is_wide ? wide_attributes_ : attributes_);
        if (auto* origin = source.getSubprogram()) {
            target->setMetadata(kOriginMetadata, origin);
        }
    }

    void define(const llvm::GlobalVariable& source) {
        auto* target = llvm::cast<llvm::GlobalVariable>(declared(source));
        target->setInitializer(mapped_constant(*source.getInitializer()));
        if (linkage_ == Linkage::Whole) {
            target->setLinkage(llvm::GlobalValue::InternalLinkage);
        }
    }

    std::unique_ptr<llvm::Module> take() { return std::move(module_); }

  private:
    llvm::Function& to_define(const llvm::Function& source) {
        if (linkage_ == Linkage::Whole) {
            auto* target = llvm::cast<llvm::Function>(declared(source));
            target->setLinkage(llvm::GlobalValue::InternalLinkage);
            return *target;
        }
        auto* type = llvm::cast<llvm::FunctionType>(types_.remapType(source.getFunctionType()));
        auto* target =
            llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, names_.of(source), module_.get());
        target->setDSOLocal(true);
        return *target;
    }

    void copy_instructions(const llvm::BasicBlock& from, llvm::BasicBlock& to) {
        for (const auto& instruction : from) {
            auto* copy = instruction.clone();
            copy->insertInto(&to, to.end());
            if (auto* call = llvm::dyn_cast<llvm::CallBase>(copy)) {
                call->mutateFunctionType(llvm::cast<llvm::FunctionType>(types_.remapType(call->getFunctionType())));
                if (is_trap(*call)) {
                    // Two traps that became one would be at neither's place in the source.
                    call->addFnAttr(llvm::Attribute::NoMerge);
                }
            }
            copy->mutateType(types_.remapType(copy->getType()));
            values_[&instruction] = copy;
        }
    }

    void redirect(llvm::Instruction& instruction) {
        for (auto& operand : instruction.operands()) {
            operand.set(mapped(operand.get()));
        }
        if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) {
            for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
                phi->setIncomingBlock(i, llvm::cast<llvm::BasicBlock>(values_.lookup(phi->getIncomingBlock(i))));
            }
        }
    }

    llvm::Value* mapped(llvm::Value* value) {
        if (llvm::isa<llvm::ConstantData>(value)) {
            auto* const type = types_.remapType(value->getType());
            // Of those with capabilities there is but the start of a result that is filled in.
            return type == value->getType() ? value : llvm::Constant::getNullValue(type);
        }
        if (const auto* global = llvm::dyn_cast<llvm::GlobalValue>(value)) {
            return declared(*global);
        }
        if (const auto* constant = llvm::dyn_cast<llvm::Constant>(value)) {
            return mapped_constant(*constant);
        }
        const auto local = values_.find(value);
        return local == values_.end() ? value : local->second;
    }

    llvm::Constant* mapped_constant(const llvm::Constant& constant) {
        return llvm::MapValue(&constant, constants_, llvm::RF_None, &types_, this);
    }

    llvm::GlobalValue* declared(const llvm::GlobalValue& source) {
        auto*& target = globals_[&source];
        if (target == nullptr) {
            target = llvm::isa<llvm::Function>(source)
                         ? static_cast<llvm::GlobalValue*>(declare(llvm::cast<llvm::Function>(source)))
                         : declare(llvm::cast<llvm::GlobalVariable>(source));
        }
        return target;
    }

    llvm::Function* declare(const llvm::Function& source) {
        auto* type = llvm::cast<llvm::FunctionType>(types_.remapType(source.getFunctionType()));
        const bool by_stub = linkage_ == Linkage::Pieces && !source.isDeclaration();
        auto* target = llvm::Function::Create(type,
                                              llvm::GlobalValue::ExternalLinkage,
                                              by_stub ? stub_symbol(names_.index_of(source)) : names_.of(source),
                                              module_.get());
        if (source.isIntrinsic()) {
            target->setAttributes(source.getAttributes());
            return target;
        }
        // Program code is at most 2 GiB away, the kernel may be anywhere.
        target->setDSOLocal(!source.isDeclaration());
        target->addFnAttr(llvm::Attribute::NoUnwind);
        return target;
    }

    llvm::GlobalVariable* declare(const llvm::GlobalVariable& source) {
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
    llvm::AttributeList attributes_;
    llvm::AttributeList wide_attributes_;  // of functions that work on wide vectors
    Linkage linkage_;
    std::unique_ptr<llvm::Module> module_;
    llvm::DenseMap<const llvm::GlobalValue*, llvm::GlobalValue*> globals_;
    llvm::DenseMap<const llvm::Value*, llvm::Value*> values_;  // of the function that is being copied
    llvm::ValueToValueMapTy constants_;
    CapabilityRemapper types_;
};

}  // namespace

std::string function_symbol(std::uint32_t index) { return "f." + std::to_string(index); }

std::string stub_symbol(std::uint32_t index) { return "s." + std::to_string(index); }

std::optional<std::uint32_t> stub_index(llvm::StringRef symbol) {
    std::uint32_t index = 0;
    if (!symbol.consume_front("s.") || symbol.getAsInteger(10, index)) {
        return std::nullopt;
    }
    return index;
}

std::optional<std::uint32_t> function_index(llvm::StringRef symbol) {
    std::uint32_t index = 0;
    if (!symbol.consume_front("f.") || symbol.getAsInteger(10, index)) {
        return std::nullopt;
    }
    return index;
}

SymbolNames::SymbolNames(const llvm::Module& module) {
    for (const auto& function : module) {
        if (!function.isDeclaration()) {
            indices_[&function] = static_cast<std::uint32_t>(functions_.size());
            names_[&function] = function_symbol(static_cast<std::uint32_t>(functions_.size()));
            functions_.push_back(&function);
        } else if (const auto import = import_name(function)) {
            names_[&function] = "import." + std::string(*import);
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

std::unique_ptr<llvm::Module> clone_functions(const llvm::Module& module,
                                              std::span<const std::uint32_t> functions,
                                              const SymbolNames& names,
                                              Features features) {
    Cloner cloner(module, names, features, Linkage::Pieces);
    for (const auto function : functions) {
        cloner.define(*names.functions()[function]);
    }
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
