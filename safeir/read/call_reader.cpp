// FunctionReader's part for calls: the callee's type comes from the callee, never from the call.
#include "safeir/read/function_reader.h"
#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {

bool FunctionReader::read_arguments(const Signature& signature, Values& arguments) {
    arguments.push_back(base_);
    for (const std::uint32_t code : signature.parameters) {
        const WireType& type = tables_.types[code];
        llvm::Value* value = operand_of(type.type);
        if (value == nullptr) {
            return refuse_operand();
        }
        arguments.push_back(value);
        if (type.kind == Kind::SliceRo || type.kind == Kind::SliceRw) {
            llvm::Value* length = operand_of(builder_.getInt64Ty());
            if (length == nullptr) {
                return refuse_operand();
            }
            arguments.push_back(length);
        }
    }
    return true;
}

llvm::Value* FunctionReader::function_from_table(const FunctionTable& table, llvm::Value* index) {
    auto* array = llvm::cast<llvm::ArrayType>(table.global->getValueType());
    llvm::Value* masked = builder_.CreateAnd(index, builder_.getInt32(table.mask));
    llvm::Value* wide = builder_.CreateZExt(masked, builder_.getInt64Ty());
    llvm::Value* slot = builder_.CreateGEP(array, table.global, {builder_.getInt64(0), wide});
    return builder_.CreateAlignedLoad(builder_.getPtrTy(), slot, llvm::Align(8));
}

bool FunctionReader::read_call(std::uint8_t op) {
    const std::uint32_t index = in_.varint32();
    const Signature* signature = nullptr;
    llvm::Value* callee = nullptr;
    if (op == wire::kCallTable) {
        llvm::Value* slot = operand_of(builder_.getInt32Ty());
        if (index >= tables_.function_tables.size() || slot == nullptr) {
            return refuse_operand();
        }
        const FunctionTable& table = tables_.function_tables[index];
        signature = &tables_.signatures[table.signature];
        Values arguments;
        if (!read_arguments(*signature, arguments)) {
            return false;
        }
        callee = function_from_table(table, slot);
        add_result(builder_.CreateCall(signature->type, callee, arguments), tables_.types[signature->result].kind);
        return true;
    }
    const auto& callees = op == wire::kCall ? tables_.functions : tables_.imports;
    if (index >= callees.size()) {
        return refuse(Rule::Declaration, "a call of a function that isn't there");
    }
    signature = &tables_.signatures[callees[index].signature];
    Values arguments;
    if (!read_arguments(*signature, arguments)) {
        return false;
    }
    add_result(builder_.CreateCall(callees[index].function, arguments), tables_.types[signature->result].kind);
    return true;
}

bool FunctionReader::read_helper_call() {
    const std::uint32_t index = in_.varint32();
    if (index >= helpers().size()) {
        return refuse(Rule::Declaration, "a call of a helper that isn't there");
    }
    const Helper& helper = helpers()[index];
    llvm::FunctionType* type = helper_type(helper, module_.getContext());
    Values arguments = {base_};
    unsigned at = 1;
    for (const HelperType parameter : helper.parameters.subspan(1)) {
        if (parameter == HelperType::Fn) {
            const std::uint32_t table = in_.varint32();
            llvm::Value* slot = operand_of(builder_.getInt32Ty());
            if (table >= tables_.function_tables.size() || slot == nullptr) {
                return refuse_operand();
            }
            arguments.push_back(function_from_table(tables_.function_tables[table], slot));
            ++at;
            continue;
        }
        const bool is_slice = parameter == HelperType::SliceRo || parameter == HelperType::SliceRw;
        for (unsigned part = 0; part < (is_slice ? 2U : 1U); ++part) {
            llvm::Value* value = operand_of(type->getParamType(at++));
            if (value == nullptr) {
                return refuse_operand();
            }
            arguments.push_back(value);
        }
    }
    const std::string name = "tessera." + std::string(helper.name);
    llvm::Function* function = module_.getFunction(name);
    if (function == nullptr) {
        function = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, module_);
        unsigned parameter_index = 0;
        for (const HelperType parameter : helper.parameters) {
            const bool is_slice = parameter == HelperType::SliceRo || parameter == HelperType::SliceRw;
            if (is_slice) {
                const char* kind = parameter == HelperType::SliceRo ? "tessera.ro" : "tessera.rw";
                function->addParamAttr(parameter_index, llvm::Attribute::get(module_.getContext(), kind));
            }
            parameter_index += is_slice ? 2 : 1;
        }
    }
    llvm::Value* result = builder_.CreateCall(function, arguments);
    add_result(result, type->getReturnType()->isVoidTy() ? Kind::Void : Kind::Int);
    return true;
}

bool FunctionReader::read_intrinsic_call() {
    const ListedIntrinsic* intrinsic = find_intrinsic_by_code(in_.varint32());
    const std::uint32_t value_type = in_.varint32();
    if (intrinsic == nullptr || value_type >= tables_.types.size() || tables_.types[value_type].kind < Kind::Int ||
        tables_.types[value_type].kind > Kind::Vector) {
        return refuse(Rule::Intrinsic, "a call of an intrinsic that isn't listed, or of a type that it can't have");
    }
    llvm::Type* result = nullptr;
    if (intrinsic->kind == IntrinsicKind::Compare) {
        const std::uint32_t code = in_.varint32();
        result = code < tables_.types.size() ? tables_.types[code].type : nullptr;
    }
    const auto types = intrinsic_types(*intrinsic, tables_.types[value_type].type, result);
    if (!types) {
        return refuse(Rule::Intrinsic, "an intrinsic of a type that it can't have");
    }
    Values arguments;
    for (llvm::Type* type : types->operands) {
        llvm::Value* value = operand_of(type);
        if (value == nullptr) {
            return refuse_operand();
        }
        arguments.push_back(value);
    }
    if (types->flag) {
        arguments.push_back(builder_.getFalse());
    }
    return push(builder_.CreateIntrinsic(intrinsic->id, types->overloads, arguments));
}

}  // namespace tessera::safeir
