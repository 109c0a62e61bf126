#include "safeir/read/intrinsics.h"

#include "llvm/IR/DerivedTypes.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

constexpr ListedIntrinsic kListed[] = {
#define TESSERA_INTRINSIC(code, name, operands, kind)                                                                  \
    ListedIntrinsic{code, llvm::Intrinsic::name, operands, IntrinsicKind::kind},
#include "safeir/spec/intrinsics.def"
#undef TESSERA_INTRINSIC
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kListed); ++i) {
        if (kListed[i].code != i + 1) {
            return false;
        }
    }
    return true;
}
static_assert(in_order(), "found by code");

}  // namespace

const ListedIntrinsic* find_intrinsic_by_code(unsigned code) {
    return code >= 1 && code <= std::size(kListed) ? &kListed[code - 1] : nullptr;
}

const ListedIntrinsic* find_intrinsic_by_id(llvm::Intrinsic::ID id) {
    const auto* found = std::ranges::find(kListed, id, &ListedIntrinsic::id);
    return found == std::end(kListed) ? nullptr : found;
}

std::optional<IntrinsicTypes> intrinsic_types(const ListedIntrinsic& intrinsic, llvm::Type* value, llvm::Type* result) {
    IntrinsicTypes types;
    types.overloads.push_back(value);
    types.operands.assign(intrinsic.operands, value);
    const bool is_int = value->isIntOrIntVectorTy();
    const bool is_float = value->isFPOrFPVectorTy();
    const unsigned bits = value->getScalarSizeInBits();
    bool fits = false;
    switch (intrinsic.kind) {
    case IntrinsicKind::Int:
        fits = is_int && bits >= (intrinsic.id == llvm::Intrinsic::bswap ? 16U : 8U);
        break;
    case IntrinsicKind::IntFlag:
        types.flag = true;
        fits = is_int && bits >= 8;
        break;
    case IntrinsicKind::Float:
        fits = is_float;
        break;
    case IntrinsicKind::Reduce:
        fits = value->isVectorTy() && is_int;
        break;
    case IntrinsicKind::ReduceFloat:
        fits = value->isVectorTy() && is_float;
        break;
    case IntrinsicKind::ReduceStart:
        types.operands.insert(types.operands.begin(), value->getScalarType());
        fits = value->isVectorTy() && is_float;
        break;
    case IntrinsicKind::Overflow:
        fits = value->isIntegerTy() && bits >= 8;
        break;
    case IntrinsicKind::Compare:
        types.overloads.insert(types.overloads.begin(), result);
        fits = value->isIntegerTy() && result != nullptr && result->isIntegerTy() && result->getScalarSizeInBits() >= 8;
        break;
    }
    return fits ? std::optional(types) : std::nullopt;
}

}  // namespace tessera::safeir
