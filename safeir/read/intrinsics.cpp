#include "safeir/read/intrinsics.h"

#include "llvm/IR/DerivedTypes.h"

#include <algorithm>
#include <array>

namespace tessera::safeir {
namespace {

constexpr ListedIntrinsic kListed[] = {
#define TESSERA_INTRINSIC(code, name, operands, kind)                                                                  \
    ListedIntrinsic{code, llvm::Intrinsic::name, operands, IntrinsicKind::kind},
#include "safeir/spec/intrinsics.def"
#undef TESSERA_INTRINSIC
};

constexpr unsigned kCodesMax = std::ranges::max(kListed, {}, &ListedIntrinsic::code).code + 1;

constexpr auto kByCode = [] {
    std::array<const ListedIntrinsic*, kCodesMax> table{};
    for (const ListedIntrinsic& entry : kListed) {
        table[entry.code] = &entry;
    }
    return table;
}();

bool is_number(llvm::Type* type, bool want_float) {
    llvm::Type* scalar = type->getScalarType();
    if (want_float) {
        return scalar->isFloatTy() || scalar->isDoubleTy();
    }
    return scalar->isIntegerTy();
}

}  // namespace

std::span<const ListedIntrinsic> listed_intrinsics() { return kListed; }

const ListedIntrinsic* find_intrinsic_by_code(unsigned code) { return code < kCodesMax ? kByCode[code] : nullptr; }

const ListedIntrinsic* find_intrinsic_by_id(llvm::Intrinsic::ID id) {
    const auto* found = std::ranges::find(kListed, id, &ListedIntrinsic::id);
    return found == std::end(kListed) ? nullptr : found;
}

std::optional<IntrinsicTypes> intrinsic_types(const ListedIntrinsic& intrinsic, llvm::Type* value, llvm::Type* result) {
    IntrinsicTypes types;
    types.overloads.push_back(value);
    types.operands.assign(intrinsic.operands, value);
    const bool is_int = is_number(value, false);
    const bool is_float = is_number(value, true);
    const bool is_bit = value->getScalarSizeInBits() == 1;
    switch (intrinsic.kind) {
    case IntrinsicKind::Int:
        if (intrinsic.id == llvm::Intrinsic::bswap && value->getScalarSizeInBits() < 16) {
            return std::nullopt;
        }
        return is_int && !is_bit ? std::optional(types) : std::nullopt;
    case IntrinsicKind::IntFlag:
        types.flag = true;
        return is_int && !is_bit ? std::optional(types) : std::nullopt;
    case IntrinsicKind::Float:
        return is_float ? std::optional(types) : std::nullopt;
    case IntrinsicKind::Reduce: {
        const bool float_reduction =
            intrinsic.id == llvm::Intrinsic::vector_reduce_fmin || intrinsic.id == llvm::Intrinsic::vector_reduce_fmax;
        return value->isVectorTy() && (float_reduction ? is_float : is_int) ? std::optional(types) : std::nullopt;
    }
    case IntrinsicKind::ReduceStart:
        types.operands.insert(types.operands.begin(), value->getScalarType());
        return value->isVectorTy() && is_float ? std::optional(types) : std::nullopt;
    case IntrinsicKind::Overflow:
        return value->isIntegerTy() && !is_bit ? std::optional(types) : std::nullopt;
    case IntrinsicKind::Compare:
        types.overloads.insert(types.overloads.begin(), result);
        if (result == nullptr || !result->isIntegerTy() || result->getScalarSizeInBits() < 8 || !value->isIntegerTy()) {
            return std::nullopt;
        }
        return types;
    }
    return std::nullopt;
}

}  // namespace tessera::safeir
