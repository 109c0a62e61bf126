// FunctionLowering's part for values: constants, parts, and how they are passed.
#include "safeir/lower/function/function_lowering.h"

namespace tessera::lower {

bool FunctionLowering::is_slice(llvm::Value* source) const { return program_.slices.is_slice(source); }

Types FunctionLowering::parts_of(llvm::Value* source) {
    return program_.signatures.parts(source->getType(), is_capability(source->getType()) && is_slice(source));
}

Values FunctionLowering::zeros(llvm::Type* type) {
    Values parts;
    for (llvm::Type* part : program_.shapes.parts(type)) {
        if (part->isTargetExtTy()) {
            parts.push_back(call_helper("cap_null", {}));
        } else {
            parts.push_back(llvm::Constant::getNullValue(part));
        }
    }
    return parts;
}

Values FunctionLowering::poisons(llvm::Type* type) {
    Values parts;
    for (llvm::Type* part : program_.shapes.parts(type)) {
        if (part->isTargetExtTy()) {
            parts.push_back(call_helper("cap_null", {}));
        } else {
            parts.push_back(llvm::PoisonValue::get(part));
        }
    }
    return parts;
}

Values FunctionLowering::value(llvm::Value* source) {
    if (auto* known = llvm::dyn_cast<llvm::Constant>(source)) {
        return constant(known);
    }
    if (const auto found = values_.find(source); found != values_.end()) {
        return found->second;
    }
    if (const auto found = addresses_.find(source); found != addresses_.end()) {
        return {materialise(found->second)};
    }
    // A value from a block that nothing reaches: any will do.
    return zeros(source->getType());
}

llvm::Value* FunctionLowering::single(llvm::Value* source) {
    const Values parts = value(source);
    return parts.empty() ? llvm::PoisonValue::get(source->getType()) : parts.front();
}

Values FunctionLowering::constant(llvm::Constant* source) {
    llvm::Type* type = source->getType();
    if (llvm::isa<llvm::PoisonValue>(source)) {
        return poisons(type);
    }
    if (llvm::isa<llvm::UndefValue>(source) || source->isNullValue()) {
        return zeros(type);
    }
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
        Values lanes;
        for (unsigned i = 0; i < vector->getNumElements(); ++i) {
            llvm::Constant* element = source->getAggregateElement(i);
            lanes.push_back(element != nullptr ? constant(element).front() : nullptr);
            if (lanes.back() == nullptr) {
                program_.diagnostics.refuse(source_, "a vector constant that is not known before the program runs");
                return zeros(type);
            }
        }
        Values parts;
        unsigned at = 0;
        for (const unsigned count : program_.shapes.lane_counts(vector)) {
            if (count == 1) {
                parts.push_back(lanes[at]);
            } else {
                llvm::SmallVector<llvm::Constant*> chunk;
                for (unsigned i = 0; i < count; ++i) {
                    chunk.push_back(llvm::cast<llvm::Constant>(lanes[at + i]));
                }
                parts.push_back(llvm::ConstantVector::get(chunk));
            }
            at += count;
        }
        return parts;
    }
    if (type->isAggregateType()) {
        Values parts;
        const std::uint64_t count = type->isArrayTy() ? type->getArrayNumElements() : type->getStructNumElements();
        for (unsigned i = 0; i < count; ++i) {
            const Values element = constant(source->getAggregateElement(i));
            parts.append(element.begin(), element.end());
        }
        return parts;
    }
    const Types& parts = program_.shapes.parts(type);
    if (llvm::isa<llvm::ConstantFP>(source) && !type->isFP128Ty() && parts.size() == 1) {
        return {source};
    }
    const auto number = program_.layout.evaluate(source);
    // An address in a variant of an enumeration that may also hold a floating-point number.
    if (number && parts.size() == 1 && (type->isFloatTy() || type->isDoubleTy())) {
        const unsigned bits = type->getScalarSizeInBits();
        return {llvm::ConstantFP::get(type, llvm::APFloat(type->getFltSemantics(), number->zextOrTrunc(bits)))};
    }
    if (!number || parts.size() != 1 || !parts.front()->isIntegerTy()) {
        program_.diagnostics.refuse(source_, "a constant that is not known before the program runs");
        return zeros(type);
    }
    return {llvm::ConstantInt::get(program_.context, number->zextOrTrunc(parts.front()->getIntegerBitWidth()))};
}

void FunctionLowering::define(llvm::Value& source, Values parts) {
    if (parts.size() == 1 && source.hasName() && llvm::isa<llvm::Instruction>(parts.front()) &&
        !parts.front()->hasName()) {
        parts.front()->setName(source.getName());
    }
    values_[&source] = std::move(parts);
}

void FunctionLowering::define_zero(llvm::Instruction& instruction) {
    if (!instruction.getType()->isVoidTy() && !instruction.getType()->isTokenTy()) {
        values_[&instruction] = zeros(instruction.getType());
    }
}

unsigned FunctionLowering::part_index(llvm::Type* aggregate, llvm::ArrayRef<unsigned> indices) {
    unsigned at = 0;
    for (const unsigned index : indices) {
        if (auto* array = llvm::dyn_cast<llvm::ArrayType>(aggregate)) {
            at += index * static_cast<unsigned>(program_.shapes.parts(array->getElementType()).size());
            aggregate = array->getElementType();
        } else {
            auto* structure = llvm::cast<llvm::StructType>(aggregate);
            for (unsigned i = 0; i < index; ++i) {
                at += static_cast<unsigned>(program_.shapes.parts(structure->getElementType(i)).size());
            }
            aggregate = structure->getElementType(index);
        }
    }
    return at;
}

Values FunctionLowering::to_passed(llvm::ArrayRef<llvm::Value*> parts) {
    Values passed;
    for (llvm::Value* part : parts) {
        Types types;
        program_.shapes.passed(part->getType(), types);
        if (types.size() == 2) {
            passed.push_back(b_.CreateTrunc(part, types[0]));
            passed.push_back(b_.CreateTrunc(b_.CreateLShr(part, 64), types[1]));
        } else {
            passed.push_back(types.front() == part->getType() ? part : b_.CreateZExt(part, types.front()));
        }
    }
    return passed;
}

Values FunctionLowering::from_passed(llvm::ArrayRef<llvm::Value*> passed, const Types& parts) {
    Values result;
    std::size_t next = 0;
    for (llvm::Type* part : parts) {
        llvm::Value* first = passed[next++];
        if (part->isIntegerTy(128)) {
            llvm::Value* high = b_.CreateShl(b_.CreateZExt(passed[next++], part), 64);
            result.push_back(b_.CreateOr(b_.CreateZExt(first, part), high));
        } else {
            result.push_back(first->getType() == part ? first : b_.CreateTrunc(first, part));
        }
    }
    return result;
}

// A part of odd width after an operation that may have set bits above it.
llvm::Value* FunctionLowering::mask_to_width(llvm::Value* part, llvm::Type* source_type) {
    if (!is_odd_integer(source_type)) {
        return part;
    }
    const unsigned wide = part->getType()->getScalarSizeInBits();
    const unsigned width = source_type->getScalarSizeInBits();
    return b_.CreateAnd(part, llvm::ConstantInt::get(part->getType(), llvm::APInt::getLowBitsSet(wide, width)));
}

llvm::Value* FunctionLowering::sign_extend_in_place(llvm::Value* part, llvm::Type* source_type) {
    if (!is_odd_integer(source_type)) {
        return part;
    }
    const unsigned up = part->getType()->getScalarSizeInBits() - source_type->getScalarSizeInBits();
    return b_.CreateAShr(b_.CreateShl(part, up), up);
}

}  // namespace tessera::lower
