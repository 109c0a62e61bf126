// FunctionReader's part for calls: the callee's type comes from the callee, never from the call.
#include "safeir/check/range.h"
#include "safeir/read/function_reader.h"
#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"
#include "safeir/spec/marks.h"

#include "llvm/IR/Constants.h"

namespace tessera::safeir {

bool FunctionReader::read_arguments(const Signature& signature, Values& arguments) {
    for (const std::uint32_t code : signature.parameters) {
        Parts parts;
        if (code == wire::kFn) {
            if (!read_part('#', parts) || !read_part('o', parts)) {
                return false;
            }
            if (parts.numbers[0] >= tables_.function_tables.size()) {
                return refuse_operand();
            }
            arguments.push_back(function_from_table(tables_.function_tables[parts.numbers[0]], parts.values[0]));
            continue;
        }
        llvm::Value* value = operand();
        if (value == nullptr || value->getType() != tables_.types[code].type) {
            return refuse_operand();
        }
        arguments.push_back(value);
        if (is_slice(tables_.types[code].kind)) {
            if (!read_part('O', parts)) {
                return false;
            }
            arguments.push_back(parts.values[0]);
            if (tables_.types[code].kind == Kind::SliceRw && !slices_.lookup(value).is_writable &&
                !refuse(Rule::SliceReadOnly, "it is passed on to be written")) {
                return false;
            }
            if (!owe_argument(value, parts.values[0])) {
                return false;
            }
        }
    }
    return true;
}

// What is passed on is whole, a part with a length, or the rest of a slice: from x, length - x, where x <= length.
bool FunctionReader::owe_argument(llvm::Value* pointer, llvm::Value* length) {
    const Slice slice = slices_.lookup(pointer);
    const auto* start = llvm::dyn_cast_or_null<llvm::ConstantInt>(slice.offset);
    Obligation part{Rule::SliceArgument, nullptr, start == nullptr ? slice.offset : nullptr, 0, slice.length, 0};
    part.constant = start != nullptr ? start->getZExtValue() : 0;
    const auto* number = llvm::dyn_cast<llvm::ConstantInt>(length);
    const auto* rest = llvm::dyn_cast<llvm::BinaryOperator>(length);
    if (slice.offset == nullptr && slice_length_key(length) == slice.length) {
        return true;
    }
    if (number != nullptr && number->getValue().getActiveBits() < 63) {
        part.constant += number->getZExtValue();
    } else if (slice.offset == nullptr) {
        part.variable = length;
    } else if (rest == nullptr || rest->getOpcode() != llvm::Instruction::Sub || rest->getOperand(1) != slice.offset ||
               slice_length_key(rest->getOperand(0)) != slice.length) {
        return refuse(Rule::SliceArgument, "a part with a length that can't be proven");
    }
    owe(part);
    return true;
}

llvm::Value* FunctionReader::function_from_table(const FunctionTable& table, llvm::Value* index) {
    auto* array = llvm::cast<llvm::ArrayType>(table.global->getValueType());
    llvm::Value* masked = builder_.CreateAnd(index, builder_.getInt32(table.mask));
    llvm::Value* wide = builder_.CreateZExt(masked, builder_.getInt64Ty());
    llvm::Value* slot = builder_.CreateGEP(array, table.global, {builder_.getInt64(0), wide});
    return builder_.CreateAlignedLoad(builder_.getPtrTy(), slot, llvm::Align(8));
}

bool FunctionReader::make_call(std::uint8_t op, const Parts& parts) {
    if (op == wire::kCallIntrinsic) {
        return make_intrinsic_call(parts);
    }
    const std::uint32_t index = parts.numbers[0];
    const auto& callees = op == wire::kCall ? tables_.functions : tables_.imports;
    const bool is_table = op == wire::kCallTable && index < tables_.function_tables.size();
    const bool is_helper = op == wire::kCallHelper && index < tables_.helpers.size();
    if (!is_table && !is_helper && (op > wire::kCallImport || index >= callees.size())) {
        return refuse(Rule::Declaration, "a call of a function, helper or table that isn't there");
    }
    const Signature& signature = is_table    ? tables_.signatures[tables_.function_tables[index].signature]
                                 : is_helper ? tables_.helper_signatures[index]
                                             : tables_.signatures[callees[index].signature];
    Values arguments = {base_};
    const std::size_t owed_before = obligations_.size();
    if (!read_arguments(signature, arguments)) {
        return false;
    }
    llvm::Value* callee = is_table    ? function_from_table(tables_.function_tables[index], parts.values[0])
                          : is_helper ? helper_function(index)
                                      : callees[index].function;
    llvm::CallInst* result = builder_.CreateCall(signature.type, callee, arguments);
    for (Obligation& obligation : std::span(obligations_).subspan(owed_before)) {
        obligation.at = result;
    }
    const Kind kind = tables_.types[signature.result].kind;
    // A borrowed slice as a result is two values: pointer and length.
    if (is_slice(kind)) {
        push(builder_.CreateExtractValue(result, 0));
        slices_[values_.back()] = {kind == Kind::SliceRw, result, nullptr};
        return push(builder_.CreateExtractValue(result, 1));
    }
    return kind == Kind::Void || push(result);
}

llvm::Function* FunctionReader::helper_function(std::uint32_t index) {
    llvm::Function*& function = tables_.helpers[index];
    if (function == nullptr) {
        const Signature& signature = tables_.helper_signatures[index];
        const llvm::StringRef name(helpers()[index].name);
        function = llvm::Function::Create(
            signature.type, llvm::GlobalValue::ExternalLinkage, marks::kHelperPrefix + name, module_);
        function->setAttributes(signature.attributes);
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

bool FunctionReader::make_intrinsic_call(const Parts& parts) {
    const ListedIntrinsic* listed = find_intrinsic_by_code(parts.numbers[0]);
    if (listed == nullptr) {
        return refuse(Rule::Intrinsic, "a call of an intrinsic that isn't listed");
    }
    const WireType* result = listed->kind == IntrinsicKind::Compare ? tables_.type_at(in_.varint32()) : nullptr;
    const auto types = intrinsic_types(*listed, parts.type->type, result != nullptr ? result->type : nullptr);
    if (!types) {
        return refuse(Rule::Intrinsic, "an intrinsic of a type that it can't have");
    }
    Values arguments;
    for (llvm::Type* type : types->operands) {
        llvm::Value* value = operand();
        if (value == nullptr || value->getType() != type) {
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
