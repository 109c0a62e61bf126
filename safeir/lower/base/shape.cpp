#include "safeir/lower/base/shape.h"

#include "safeir/spec/marks.h"

#include "llvm/Support/raw_ostream.h"

#include <bit>

namespace tessera::lower {

bool is_capability(const llvm::Type* type) {
    return type->isPointerTy() && type->getPointerAddressSpace() == kCapabilitySpace;
}

bool is_odd_integer(const llvm::Type* type) {
    const auto* integer = llvm::dyn_cast<llvm::IntegerType>(type->getScalarType());
    if (integer == nullptr) {
        return false;
    }
    const unsigned width = integer->getBitWidth();
    return width != 1 && (width < 8 || !std::has_single_bit(width));
}

llvm::Type* Shapes::capability() { return llvm::TargetExtType::get(context_, safeir::marks::kCapability); }
llvm::IntegerType* Shapes::word() { return llvm::IntegerType::get(context_, pointer_bits_); }
llvm::Type* Shapes::slice_pointer() { return llvm::PointerType::get(context_, 0); }

llvm::Type* Shapes::scalar(llvm::Type* type) {
    if (auto* integer = llvm::dyn_cast<llvm::IntegerType>(type)) {
        const unsigned width = integer->getBitWidth();
        if (width == 1) {
            return type;
        }
        return width <= 128 ? llvm::IntegerType::get(context_, std::max(8U, std::bit_ceil(width))) : nullptr;
    }
    if (type->isFloatTy() || type->isDoubleTy()) {
        return type;
    }
    if (type->isFP128Ty()) {
        return llvm::Type::getInt128Ty(context_);
    }
    if (type->isPointerTy()) {
        switch (type->getPointerAddressSpace()) {
        case 0:
            return word();
        case kTableSpace:
            return llvm::Type::getInt32Ty(context_);
        case kCapabilitySpace:
            return capability();
        default:
            return nullptr;
        }
    }
    if (auto* target = llvm::dyn_cast<llvm::TargetExtType>(type)) {
        return target->getName() == safeir::marks::kCapability ? type : nullptr;
    }
    return nullptr;
}

llvm::Type* Shapes::chunk(llvm::Type* lane, unsigned lanes) {
    return lanes == 1 ? lane : llvm::FixedVectorType::get(lane, lanes);
}

llvm::SmallVector<unsigned, 2> Shapes::lane_counts(llvm::FixedVectorType* type) {
    llvm::SmallVector<unsigned, 2> counts;
    llvm::Type* lane = scalar(type->getElementType());
    if (lane == nullptr) {
        return counts;
    }
    const unsigned bits = lane->getPrimitiveSizeInBits().getFixedValue() == 0
                              ? kVectorBitsMax
                              : static_cast<unsigned>(lane->getPrimitiveSizeInBits().getFixedValue());
    const unsigned widest = lane->isIntegerTy(128) ? 1 : std::min(kLanesMax, kVectorBitsMax / bits);
    for (unsigned left = type->getNumElements(); left != 0;) {
        const unsigned lanes = std::min(widest, std::bit_floor(left));
        counts.push_back(lanes);
        left -= lanes;
    }
    return counts;
}

bool Shapes::collect(llvm::Type* type, Types& into) {
    if (type->isVoidTy()) {
        return true;
    }
    if (auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
        llvm::Type* lane = scalar(vector->getElementType());
        if (lane == nullptr || is_capability(vector->getElementType())) {
            return false;
        }
        for (const unsigned lanes : lane_counts(vector)) {
            into.push_back(chunk(lane, lanes));
        }
    } else if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        if (array->getNumElements() > kPartsMax) {
            return false;
        }
        for (std::uint64_t i = 0; i < array->getNumElements() && into.size() <= kPartsMax; ++i) {
            if (!collect(array->getElementType(), into)) {
                return false;
            }
        }
    } else if (auto* structure = llvm::dyn_cast<llvm::StructType>(type)) {
        for (llvm::Type* element : structure->elements()) {
            if (!collect(element, into)) {
                return false;
            }
        }
    } else if (llvm::Type* part = scalar(type)) {
        into.push_back(part);
    } else {
        return false;
    }
    return into.size() <= kPartsMax;
}

const Types& Shapes::parts(llvm::Type* type) {
    auto [entry, fresh] = known_.try_emplace(type);
    if (fresh) {
        Types found;
        if (collect(type, found)) {
            entry->second = found;
        }
    }
    return entry->second;
}

std::string Shapes::refusal(llvm::Type* type) {
    Types found;
    if (type->isVoidTy() || collect(type, found)) {
        return "";
    }
    if (auto* integer = llvm::dyn_cast<llvm::IntegerType>(type)) {
        return "an integer of " + std::to_string(integer->getBitWidth()) + " bits; 128 is the widest";
    }
    if (type->getScalarType()->isHalfTy() || type->getScalarType()->isBFloatTy()) {
        return "16-bit floating point, which programs can't";
    }
    if (type->isPointerTy()) {
        return "a pointer into address space " + std::to_string(type->getPointerAddressSpace()) +
               (type->getPointerAddressSpace() == 20 ? " (a function reference)" : "");
    }
    std::string name;
    llvm::raw_string_ostream stream(name);
    type->print(stream);
    return "a value of type " + (name.size() > 60 ? name.substr(0, 60) + "..." : name);
}

void Shapes::passed(llvm::Type* part, Types& into) {
    llvm::Type* scalar = part->getScalarType();
    if (part->isIntegerTy(1) || part->isIntegerTy(8) || part->isIntegerTy(16)) {
        into.push_back(llvm::Type::getInt32Ty(context_));
    } else if (part->isIntegerTy(128)) {
        into.push_back(llvm::Type::getInt64Ty(context_));
        into.push_back(llvm::Type::getInt64Ty(context_));
    } else if (part->isVectorTy() && scalar->isIntegerTy(1)) {
        into.push_back(part->getWithNewType(llvm::Type::getInt8Ty(context_)));
    } else {
        into.push_back(part);
    }
}

}  // namespace tessera::lower
