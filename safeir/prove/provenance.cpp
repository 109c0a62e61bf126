#include "safeir/prove/provenance.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"

#include <bit>

namespace tessera::safeir {
namespace {

// One step of address arithmetic: bytes, one 64-bit index, no flags.
llvm::GetElementPtrInst* byte_step(llvm::Value* pointer) {
    auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer);
    const bool plain = gep != nullptr && gep->getSourceElementType()->isIntegerTy(8) && gep->getNumIndices() == 1 &&
                       gep->getOperand(1)->getType()->isIntegerTy(64) && gep->getType()->isPointerTy();
    return plain ? gep : nullptr;
}

std::optional<Provenance> local_base(llvm::Value* base) {
    if (auto* frame = llvm::dyn_cast<llvm::AllocaInst>(base)) {
        auto* array = llvm::dyn_cast<llvm::ArrayType>(frame->getAllocatedType());
        if (array == nullptr || frame->isArrayAllocation()) {
            return std::nullopt;
        }
        return Provenance{PointerKind::Frame, nullptr, 0, array->getNumElements(), nullptr};
    }
    if (auto* table = llvm::dyn_cast<llvm::GlobalVariable>(base)) {
        if (!is_data_table(*table)) {
            return std::nullopt;
        }
        return Provenance{PointerKind::Table,
                          nullptr,
                          0,
                          llvm::cast<llvm::ArrayType>(table->getValueType())->getNumElements(),
                          nullptr};
    }
    if (auto* argument = llvm::dyn_cast<llvm::Argument>(base)) {
        const llvm::Function& function = *argument->getParent();
        const auto kind = slice_parameter(function, argument->getArgNo());
        if (!kind) {
            return std::nullopt;
        }
        return Provenance{*kind, nullptr, 0, 0, function.getArg(argument->getArgNo() + 1)};
    }
    if (auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(base)) {
        auto* call = llvm::dyn_cast<llvm::CallInst>(extract->getAggregateOperand());
        const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
        const auto kind = callee != nullptr ? slice_result(*callee) : std::nullopt;
        if (!kind || extract->getNumIndices() != 1 || extract->getIndices().front() != 0) {
            return std::nullopt;
        }
        return Provenance{*kind, nullptr, 0, 0, call};
    }
    return std::nullopt;
}

}  // namespace

std::optional<PointerKind> slice_result(const llvm::Function& function) {
    const llvm::StringRef kind = function.getFnAttribute("tessera.result").getValueAsString();
    if (kind == "ro") {
        return PointerKind::SliceRo;
    }
    if (kind == "rw") {
        return PointerKind::SliceRw;
    }
    return std::nullopt;
}

std::optional<PointerKind> slice_parameter(const llvm::Function& function, unsigned parameter) {
    const llvm::AttributeSet attributes = function.getAttributes().getParamAttrs(parameter);
    if (attributes.hasAttribute("tessera.ro")) {
        return PointerKind::SliceRo;
    }
    if (attributes.hasAttribute("tessera.rw")) {
        return PointerKind::SliceRw;
    }
    return std::nullopt;
}

std::optional<Provenance> provenance_of(llvm::Value* pointer, const llvm::Function& function) {
    static constexpr std::uint64_t kArenaConstantMax = (std::uint64_t{1} << 32) + (std::uint64_t{1} << 31) - 1;
    static constexpr std::uint64_t kDisplacementMax = 0x7fffffff;
    std::uint64_t constant = 0;
    llvm::GetElementPtrInst* step = byte_step(pointer);
    // A last step by a constant.
    if (step != nullptr) {
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(step->getOperand(1))) {
            constant = number->getZExtValue();
            pointer = step->getPointerOperand();
            step = byte_step(pointer);
            if (step == nullptr && pointer == function.getArg(0)) {
                return constant <= kArenaConstantMax
                           ? std::optional(Provenance{PointerKind::Arena, nullptr, constant, 0, nullptr})
                           : std::nullopt;
            }
            if (constant > kDisplacementMax) {
                return std::nullopt;
            }
        }
    }
    // Before it, at most one step by a variable.
    llvm::Value* variable = nullptr;
    if (step != nullptr) {
        variable = step->getOperand(1);
        pointer = step->getPointerOperand();
        if (llvm::isa<llvm::Constant>(variable)) {
            return std::nullopt;
        }
    }
    if (pointer == function.getArg(0)) {
        auto* extended = llvm::dyn_cast_or_null<llvm::ZExtInst>(variable);
        if (extended == nullptr || !extended->getOperand(0)->getType()->isIntegerTy(32)) {
            return std::nullopt;
        }
        return Provenance{PointerKind::Arena, variable, constant, 0, nullptr};
    }
    auto result = local_base(pointer);
    if (result) {
        result->variable = variable;
        result->constant = constant;
    }
    return result;
}

bool is_function_table(const llvm::GlobalVariable& global) {
    const auto* array = llvm::dyn_cast<llvm::ArrayType>(global.getValueType());
    return array != nullptr && array->getElementType()->isPointerTy();
}

bool is_data_table(const llvm::GlobalVariable& global) {
    const auto* array = llvm::dyn_cast<llvm::ArrayType>(global.getValueType());
    return array != nullptr && array->getElementType()->isIntegerTy(8);
}

llvm::FunctionType* table_function_type(const llvm::Value* loaded) {
    const auto* load = llvm::dyn_cast<llvm::LoadInst>(loaded);
    const auto* slot = load != nullptr ? llvm::dyn_cast<llvm::GetElementPtrInst>(load->getPointerOperand()) : nullptr;
    const auto* table = slot != nullptr ? llvm::dyn_cast<llvm::GlobalVariable>(slot->getPointerOperand()) : nullptr;
    if (table == nullptr || !is_function_table(*table) || slot->getSourceElementType() != table->getValueType() ||
        slot->getNumIndices() != 2) {
        return nullptr;
    }
    const auto* first = llvm::dyn_cast<llvm::ConstantInt>(slot->getOperand(1));
    const auto* wide = llvm::dyn_cast<llvm::ZExtInst>(slot->getOperand(2));
    const auto* masked = wide != nullptr ? llvm::dyn_cast<llvm::BinaryOperator>(wide->getOperand(0)) : nullptr;
    if (first == nullptr || !first->isZero() || masked == nullptr || masked->getOpcode() != llvm::Instruction::And) {
        return nullptr;
    }
    const auto* mask = llvm::dyn_cast<llvm::ConstantInt>(masked->getOperand(1));
    const std::uint64_t entries = llvm::cast<llvm::ArrayType>(table->getValueType())->getNumElements();
    if (mask == nullptr || mask->getValue().getActiveBits() > 32 || mask->getZExtValue() >= entries) {
        return nullptr;
    }
    const auto* initializer = llvm::dyn_cast<llvm::ConstantArray>(table->getInitializer());
    const auto* function =
        initializer != nullptr ? llvm::dyn_cast<llvm::Function>(initializer->getOperand(0)) : nullptr;
    return function != nullptr ? function->getFunctionType() : nullptr;
}

}  // namespace tessera::safeir
