#include "safeir/write/module_tables.h"

#include "safeir/read/helpers.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"
#include "safeir/write/shown_name.h"

#include "llvm/IR/DerivedTypes.h"

namespace tessera::safeir {

std::optional<std::string_view> imported_name(const llvm::Function& function) {
    if (function.isDeclaration() && function.hasFnAttribute(marks::kImport)) {
        return function.getFnAttribute(marks::kImport).getValueAsString();
    }
    return import_name(function);
}

std::uint32_t ModuleTables::string(std::string_view text) {
    const std::string shortened(text.substr(0, wire::kNameBytesMax));
    const auto [entry, is_new] = strings_.try_emplace(shortened, static_cast<std::uint32_t>(strings_in_order_.size()));
    if (is_new) {
        strings_in_order_.push_back(shortened);
    }
    return entry->second;
}

void ModuleTables::write_strings(ByteWriter& out) const {
    out.varint(strings_in_order_.size());
    for (const std::string& text : strings_in_order_) {
        out.text(text);
    }
}

std::optional<std::uint32_t> ModuleTables::type(llvm::Type* type) {
    if (type->isVoidTy()) {
        return wire::kVoid;
    }
    if (auto* integer = llvm::dyn_cast<llvm::IntegerType>(type)) {
        switch (integer->getBitWidth()) {
        case 1:
            return wire::kI1;
        case 8:
            return wire::kI8;
        case 16:
            return wire::kI16;
        case 32:
            return wire::kI32;
        case 64:
            return wire::kI64;
        case 128:
            return wire::kI128;
        default:
            return std::nullopt;
        }
    }
    if (type->isFloatTy()) {
        return wire::kF32;
    }
    if (type->isDoubleTy()) {
        return wire::kF64;
    }
    if (type->isTargetExtTy()) {
        return wire::kCap;
    }
    if (const auto known = type_codes_.find(type); known != type_codes_.end()) {
        return known->second;
    }
    ByteWriter bytes;
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
        const auto element = this->type(vector->getElementType());
        if (!element) {
            return std::nullopt;
        }
        bytes.byte(wire::kVectorType);
        bytes.varint(*element);
        bytes.varint(vector->getNumElements());
    } else if (auto* record = llvm::dyn_cast<llvm::StructType>(type)) {
        bytes.byte(wire::kStructType);
        bytes.varint(record->getNumElements());
        for (llvm::Type* field : record->elements()) {
            const auto code = field->isStructTy() ? std::nullopt : this->type(field);
            if (!code) {
                return std::nullopt;
            }
            bytes.varint(*code);
        }
    } else {
        return std::nullopt;
    }
    types_.bytes(bytes.data());
    const std::uint32_t code = wire::kFirstTableType + type_count_++;
    type_codes_[type] = code;
    return code;
}

bool ModuleTables::scalar_bytes(llvm::Constant* constant, ByteWriter& out) {
    llvm::Type* type = constant->getType();
    llvm::APInt bits;
    if (const auto* integer = llvm::dyn_cast<llvm::ConstantInt>(constant)) {
        bits = integer->getValue();
    } else if (const auto* real = llvm::dyn_cast<llvm::ConstantFP>(constant)) {
        bits = real->getValueAPF().bitcastToAPInt();
    } else if (llvm::isa<llvm::UndefValue>(constant)) {
        bits = llvm::APInt(type->getScalarSizeInBits(), 0);
    } else {
        return false;
    }
    if (type->isFloatTy()) {
        out.fixed(static_cast<std::uint32_t>(bits.getZExtValue()));
    } else if (type->isDoubleTy()) {
        out.fixed(bits.getZExtValue());
    } else if (bits.getBitWidth() == 128) {
        out.varint(bits.extractBitsAsZExtValue(64, 0));
        out.varint(bits.extractBitsAsZExtValue(64, 64));
    } else {
        out.varint(bits.getZExtValue());
    }
    return true;
}

// Undef and poison become zero: the wire form has neither.
std::optional<std::uint32_t> ModuleTables::constant(llvm::Constant* constant) {
    if (llvm::isa<llvm::UndefValue>(constant)) {
        if (constant->getType()->isTargetExtTy() || constant->getType()->isStructTy() ||
            constant->getType()->isPointerTy()) {
            return std::nullopt;
        }
        constant = llvm::Constant::getNullValue(constant->getType());
    }
    if (const auto known = constants_.find(constant); known != constants_.end()) {
        return known->second;
    }
    const auto code = type(constant->getType());
    if (!code) {
        return std::nullopt;
    }
    ByteWriter bytes;
    bytes.varint(*code);
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(constant->getType())) {
        if (llvm::Constant* splat = constant->getSplatValue()) {
            bytes.byte(wire::kSplat);
            if (!scalar_bytes(splat, bytes)) {
                return std::nullopt;
            }
        } else {
            bytes.byte(wire::kElements);
            for (unsigned i = 0; i < vector->getNumElements(); ++i) {
                llvm::Constant* element = constant->getAggregateElement(i);
                if (element == nullptr || !scalar_bytes(element, bytes)) {
                    return std::nullopt;
                }
            }
        }
    } else {
        bytes.byte(wire::kScalar);
        if (!scalar_bytes(constant, bytes)) {
            return std::nullopt;
        }
    }
    constant_bytes_.bytes(bytes.data());
    const auto index = static_cast<std::uint32_t>(constants_.size());
    constants_[constant] = index;
    return index;
}

std::optional<std::uint32_t> ModuleTables::signature(const llvm::Function& function) {
    std::vector<std::uint32_t> codes;
    llvm::Type* result_type = function.getReturnType();
    const llvm::StringRef slice_result = function.getFnAttribute(marks::kSliceResult).getValueAsString();
    std::optional<std::uint32_t> result = type(result_type);
    if (!slice_result.empty()) {
        result = slice_result == marks::kReadOnly ? wire::kSliceRo : wire::kSliceRw;
    }
    if (!result || function.isVarArg() || function.arg_empty()) {
        return std::nullopt;
    }
    codes.push_back(*result);
    for (unsigned i = 1; i < function.arg_size(); ++i) {
        llvm::Type* parameter = function.getFunctionType()->getParamType(i);
        if (parameter->isPointerTy()) {
            const bool read_only = function.getAttributes().getParamAttrs(i).hasAttribute(marks::kReadOnlySlice);
            const bool fits =
                read_only || function.getAttributes().getParamAttrs(i).hasAttribute(marks::kWritableSlice);
            ++i;  // the slice's length
            if (!fits) {
                return std::nullopt;
            }
            codes.push_back(read_only ? wire::kSliceRo : wire::kSliceRw);
            continue;
        }
        const auto code = type(parameter);
        if (!code) {
            return std::nullopt;
        }
        codes.push_back(*code);
    }
    const auto [entry, is_new] = signatures_.try_emplace(codes, static_cast<std::uint32_t>(signatures_.size()));
    if (is_new) {
        signature_bytes_.varint(codes.front());
        signature_bytes_.varint(codes.size() - 1);
        for (std::size_t i = 1; i < codes.size(); ++i) {
            signature_bytes_.varint(codes[i]);
        }
    }
    return entry->second;
}

std::uint32_t ModuleTables::subprogram(const llvm::DISubprogram* subprogram) {
    const auto [entry, is_new] = subprograms_.try_emplace(subprogram, static_cast<std::uint32_t>(subprograms_.size()));
    if (is_new) {
        subprogram_bytes_.varint(string(shown_name(subprogram->getLinkageName(), subprogram->getName())));
        subprogram_bytes_.varint(string(subprogram->getFilename()));
        subprogram_bytes_.varint(subprogram->getLine());
    }
    return entry->second;
}

std::uint32_t ModuleTables::scope_of(const llvm::Function& function) {
    if (const auto* subprogram = function.getSubprogram()) {
        return this->subprogram(subprogram);
    }
    const auto [entry, is_new] = subprograms_.try_emplace(&function, static_cast<std::uint32_t>(subprograms_.size()));
    if (is_new) {
        subprogram_bytes_.varint(string(shown_name(function.getName(), {})));
        subprogram_bytes_.varint(string(""));
        subprogram_bytes_.varint(0);
    }
    return entry->second;
}

std::uint32_t ModuleTables::location(const llvm::DILocation* location) {
    // Outer locations first: a location may only refer to earlier ones.
    std::vector<const llvm::DILocation*> chain;
    for (const llvm::DILocation* at = location; at != nullptr && !locations_.contains(at); at = at->getInlinedAt()) {
        chain.push_back(at);
    }
    while (!chain.empty()) {
        const llvm::DILocation* at = chain.back();
        chain.pop_back();
        const std::uint32_t outer = at->getInlinedAt() != nullptr ? locations_.at(at->getInlinedAt()) + 1 : 0;
        const std::uint32_t scope = subprogram(at->getScope()->getSubprogram());
        location_bytes_.varint(scope);
        location_bytes_.varint(at->getLine());
        location_bytes_.varint(at->getColumn());
        location_bytes_.varint(outer);
        const auto index = static_cast<std::uint32_t>(locations_.size());
        locations_[at] = index;
    }
    return locations_.at(location);
}

void ModuleTables::write_debug(ByteWriter& out) const {
    write_table(out, static_cast<std::uint32_t>(subprograms_.size()), subprogram_bytes_);
    write_table(out, static_cast<std::uint32_t>(locations_.size()), location_bytes_);
}

}  // namespace tessera::safeir
