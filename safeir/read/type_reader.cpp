// ModuleReader's part for types, constants and signatures.
#include "safeir/read/helpers.h"
#include "safeir/read/module_reader.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"

#include "llvm/IR/Constants.h"

#include <bit>
#include <fmt/format.h>

namespace tessera::safeir {

void ModuleReader::make_plain_types() {
    auto& types = tables_.types;
    types.resize(wire::kFirstTableType);
    types[wire::kVoid] = {llvm::Type::getVoidTy(context_), Kind::Void, false, false};
    types[wire::kI1] = {llvm::Type::getInt1Ty(context_), Kind::Int, false, false};
    types[wire::kI8] = {llvm::Type::getInt8Ty(context_), Kind::Int, true, false};
    types[wire::kI16] = {llvm::Type::getInt16Ty(context_), Kind::Int, true, false};
    types[wire::kI32] = {llvm::Type::getInt32Ty(context_), Kind::Int, true, true};
    types[wire::kI64] = {llvm::Type::getInt64Ty(context_), Kind::Int, true, true};
    types[wire::kI128] = {llvm::Type::getInt128Ty(context_), Kind::Int, false, false};
    types[wire::kF32] = {llvm::Type::getFloatTy(context_), Kind::Float, true, true};
    types[wire::kF64] = {llvm::Type::getDoubleTy(context_), Kind::Float, true, true};
    types[wire::kCap] = {llvm::TargetExtType::get(context_, marks::kCapability), Kind::Capability, false, true};
    types[wire::kSliceRo] = {llvm::PointerType::get(context_, 0), Kind::SliceRo, false, true};
    types[wire::kSliceRw] = {llvm::PointerType::get(context_, 0), Kind::SliceRw, false, true};
    types[wire::kFn] = {llvm::PointerType::get(context_, 0), Kind::Function, false, false};
    for (const Helper& helper : helpers()) {
        tables_.helper_signatures.push_back(
            make_signature(helper.result, {helper.parameters.begin(), helper.parameters.end()}));
    }
    tables_.helpers.resize(helpers().size());
}

bool ModuleReader::read_type(std::uint32_t /*index*/) {
    switch (const std::uint8_t tag = in_.byte()) {
    case wire::kVectorType:
        return read_vector_type();
    case wire::kStructType:
        return read_struct_type();
    default:
        return refuse(Rule::Malformed, fmt::format("unknown type tag {}", tag));
    }
}

bool ModuleReader::read_vector_type() {
    const std::uint32_t code = in_.varint32();
    const std::uint32_t lanes = in_.varint32();
    const WireType* element = tables_.type_at(code);
    if (element == nullptr || code > wire::kF64 || code == wire::kVoid || code == wire::kI128) {
        return refuse(Rule::Type, "a vector of something else than i1 to i64, float or double");
    }
    const std::uint64_t bits = std::uint64_t{lanes} * element->type->getPrimitiveSizeInBits().getFixedValue();
    if (lanes < 2 || lanes > wire::kLanesMax || !std::has_single_bit(lanes) || bits > wire::kVectorBitsMax) {
        return refuse(
            Rule::Type,
            fmt::format("a vector of {} lanes and {} bits: lanes are a power of two from 2 to {}, bits at most {}",
                        lanes,
                        bits,
                        wire::kLanesMax,
                        wire::kVectorBitsMax));
    }
    const bool stored = element->in_memory && bits % 8 == 0;
    tables_.types.push_back({llvm::FixedVectorType::get(element->type, lanes), Kind::Vector, stored, stored});
    return true;
}

bool ModuleReader::read_struct_type() {
    std::uint32_t count = 0;
    if (!read_count(wire::List::StructFields, count, Rule::Type)) {
        return false;
    }
    if (count < 2) {
        return refuse(Rule::Type, fmt::format("a struct of {} fields", count));
    }
    llvm::SmallVector<llvm::Type*, wire::kStructFieldsMax> fields;
    bool in_call = true;
    for (std::uint32_t i = 0; i < count; ++i) {
        const WireType* field = tables_.type_at(in_.varint32());
        if (field == nullptr || field->kind == Kind::Void || field->kind > Kind::Capability) {
            return refuse(Rule::Type, "a struct's field is a number, a vector or a capability");
        }
        in_call = in_call && field->in_call;
        fields.push_back(field->type);
    }
    tables_.types.push_back({llvm::StructType::get(context_, fields), Kind::Struct, false, in_call});
    return true;
}

llvm::Constant* ModuleReader::read_scalar(llvm::Type* type) {
    if (type->isFloatTy()) {
        return llvm::ConstantFP::get(
            context_, llvm::APFloat(llvm::APFloat::IEEEsingle(), llvm::APInt(32, in_.fixed<std::uint32_t>())));
    }
    if (type->isDoubleTy()) {
        return llvm::ConstantFP::get(
            context_, llvm::APFloat(llvm::APFloat::IEEEdouble(), llvm::APInt(64, in_.fixed<std::uint64_t>())));
    }
    const unsigned bits = type->getIntegerBitWidth();
    if (bits == 128) {
        const std::uint64_t words[2] = {in_.varint(), in_.varint()};
        return llvm::ConstantInt::get(context_, llvm::APInt(128, words));
    }
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return llvm::ConstantInt::get(type, in_.varint() & mask);
}

bool ModuleReader::read_constant(std::uint32_t /*index*/) {
    const WireType* type = tables_.type_at(in_.varint32());
    if (type == nullptr || (type->kind != Kind::Int && type->kind != Kind::Float && type->kind != Kind::Vector)) {
        return refuse(Rule::Constant, "a constant of something else than a number or a vector");
    }
    const std::uint8_t tag = in_.byte();
    if (type->kind != Kind::Vector) {
        if (tag != wire::kScalar) {
            return refuse(Rule::Malformed, "a scalar constant with a vector's tag");
        }
        tables_.constants.push_back(read_scalar(type->type));
        return true;
    }
    auto* vector = llvm::cast<llvm::FixedVectorType>(type->type);
    llvm::Type* element = vector->getElementType();
    if (tag == wire::kSplat) {
        tables_.constants.push_back(llvm::ConstantVector::getSplat(vector->getElementCount(), read_scalar(element)));
        return true;
    }
    if (tag != wire::kElements) {
        return refuse(Rule::Malformed, "a vector constant with an unknown tag");
    }
    if (!charge(std::uint64_t{vector->getNumElements()} * wire::entry(wire::List::VectorElements).bytes)) {
        return false;
    }
    llvm::SmallVector<llvm::Constant*, wire::kLanesMax> elements;
    for (unsigned i = 0; i < vector->getNumElements(); ++i) {
        elements.push_back(read_scalar(element));
    }
    tables_.constants.push_back(llvm::ConstantVector::get(elements));
    return true;
}

bool ModuleReader::read_signature(std::uint32_t /*index*/) {
    const std::uint32_t result_code = in_.varint32();
    const WireType* result = tables_.type_at(result_code);
    if (result == nullptr || (result->kind != Kind::Void && !result->in_call)) {
        return refuse(Rule::Signature, "a result of a type that can't be one");
    }
    std::uint32_t count = 0;
    if (!read_count(wire::List::Parameters, count)) {
        return false;
    }
    std::vector<std::uint32_t> parameters;
    for (std::uint32_t p = 0; p < count; ++p) {
        parameters.push_back(in_.varint32());
        const WireType* type = tables_.type_at(parameters.back());
        if (type == nullptr || !type->in_call || type->kind == Kind::Struct) {
            return refuse(Rule::Signature, "a parameter of a type that can't be one");
        }
    }
    tables_.signatures.push_back(make_signature(result_code, std::move(parameters)));
    return true;
}

Signature ModuleReader::make_signature(std::uint32_t result, std::vector<std::uint32_t> parameters) const {
    Signature signature;
    signature.result = result;
    signature.parameters = std::move(parameters);
    llvm::Type* result_type = tables_.types[result].type;
    if (is_slice(tables_.types[result].kind)) {
        result_type = llvm::StructType::get(result_type, llvm::Type::getInt64Ty(context_));
    }
    llvm::SmallVector<llvm::Type*, 16> types = {llvm::PointerType::get(context_, 0)};
    for (const std::uint32_t code : signature.parameters) {
        types.push_back(tables_.types[code].type);
        if (is_slice(tables_.types[code].kind)) {
            types.push_back(llvm::Type::getInt64Ty(context_));
        }
    }
    signature.type = llvm::FunctionType::get(result_type, types, false);
    signature.attributes = slice_attributes(signature);
    signature.has_slices = !signature.attributes.isEmpty();
    return signature;
}

llvm::AttributeList ModuleReader::slice_attributes(const Signature& signature) const {
    llvm::SmallVector<std::pair<unsigned, llvm::AttributeSet>, 8> attributes;
    unsigned at = 1;
    for (const std::uint32_t code : signature.parameters) {
        const Kind kind = tables_.types[code].kind;
        if (is_slice(kind)) {
            const auto mark =
                llvm::Attribute::get(context_, kind == Kind::SliceRo ? marks::kReadOnlySlice : marks::kWritableSlice);
            attributes.emplace_back(llvm::AttributeList::FirstArgIndex + at++,
                                    llvm::AttributeSet::get(context_, {mark}));
        }
        ++at;
    }
    if (const Kind result = tables_.types[signature.result].kind; is_slice(result)) {
        const auto mark = llvm::Attribute::get(
            context_, marks::kSliceResult, result == Kind::SliceRo ? marks::kReadOnly : marks::kWritable);
        attributes.emplace_back(llvm::AttributeList::FunctionIndex, llvm::AttributeSet::get(context_, {mark}));
    }
    return llvm::AttributeList::get(context_, attributes);
}

}  // namespace tessera::safeir
