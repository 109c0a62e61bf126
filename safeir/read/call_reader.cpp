// FunctionReader's part for calls: the callee's type comes from the callee, never from the call.
#include "safeir/read/function_reader.h"
#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"
#include "safeir/spec/marks.h"

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
        if (is_slice(type.kind)) {
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

llvm::Function* FunctionReader::helper_function(std::uint32_t index) {
    tables_.helpers.resize(helpers().size());
    llvm::Function*& function = tables_.helpers[index];
    if (function == nullptr) {
        const Helper& helper = helpers()[index];
        function = llvm::Function::Create(helper_type(helper, module_.getContext()),
                                          llvm::GlobalValue::ExternalLinkage,
                                          marks::kHelperPrefix + llvm::StringRef(helper.name),
                                          module_);
        unsigned at = 0;
        for (const HelperType parameter : helper.parameters) {
            if (is_slice(parameter)) {
                const auto kind = parameter == HelperType::SliceRo ? marks::kReadOnlySlice : marks::kWritableSlice;
                function->addParamAttr(at, llvm::Attribute::get(module_.getContext(), kind));
            }
            at += is_slice(parameter) ? 2 : 1;
        }
    }
    return function;
}

llvm::Value* FunctionReader::intrinsic(llvm::Intrinsic::ID id,
                                       llvm::ArrayRef<llvm::Type*> overloads,
                                       llvm::ArrayRef<llvm::Value*> arguments) {
    const auto type_at = [&](std::size_t index) { return index < overloads.size() ? overloads[index] : nullptr; };
    llvm::Function*& function = tables_.intrinsics[{id, {type_at(0), type_at(1)}}];
    if (function == nullptr) {
        function = llvm::Intrinsic::getOrInsertDeclaration(&module_, id, overloads);
    }
    return builder_.CreateCall(function, arguments);
}

bool FunctionReader::read_helper_call() {
    const std::uint32_t index = in_.varint32();
    if (index >= helpers().size()) {
        return refuse(Rule::Declaration, "a call of a helper that isn't there");
    }
    const Helper& helper = helpers()[index];
    llvm::Function* function = helper_function(index);
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
        for (unsigned part = 0; part < (is_slice(parameter) ? 2U : 1U); ++part) {
            llvm::Value* value = operand_of(function->getFunctionType()->getParamType(at++));
            if (value == nullptr) {
                return refuse_operand();
            }
            arguments.push_back(value);
        }
    }
    llvm::Value* result = builder_.CreateCall(function, arguments);
    add_result(result, function->getReturnType()->isVoidTy() ? Kind::Void : Kind::Int);
    return true;
}

bool FunctionReader::read_intrinsic_call() {
    const ListedIntrinsic* listed = find_intrinsic_by_code(in_.varint32());
    const std::uint32_t value_type = in_.varint32();
    if (listed == nullptr || value_type >= tables_.types.size() || tables_.types[value_type].kind < Kind::Int ||
        tables_.types[value_type].kind > Kind::Vector) {
        return refuse(Rule::Intrinsic, "a call of an intrinsic that isn't listed, or of a type that it can't have");
    }
    llvm::Type* result = nullptr;
    if (listed->kind == IntrinsicKind::Compare) {
        const std::uint32_t code = in_.varint32();
        result = code < tables_.types.size() ? tables_.types[code].type : nullptr;
    }
    const auto types = intrinsic_types(*listed, tables_.types[value_type].type, result);
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
    return push(intrinsic(listed->id, types->overloads, arguments));
}

}  // namespace tessera::safeir
