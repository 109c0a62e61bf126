// FunctionChecker's part for memory: what each access owes.
#include "safeir/check/function_checker.h"
#include "safeir/check/provenance.h"
#include "safeir/check/terms.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

Rule bounds_rule(PointerKind kind) {
    switch (kind) {
    case PointerKind::Frame:
        return Rule::FrameBounds;
    case PointerKind::Table:
        return Rule::TableBounds;
    default:
        return Rule::SliceBounds;
    }
}

}  // namespace

bool FunctionChecker::check_access(llvm::Instruction& access, llvm::Value* pointer, llvm::Type* type) {
    const auto from = provenance_of(pointer, function_);
    if (!from) {
        return refuse(Rule::Provenance, &access);
    }
    if (from->kind == PointerKind::Arena) {
        return true;
    }
    if (llvm::isa<llvm::StoreInst>(access) && from->kind == PointerKind::SliceRo) {
        return refuse(Rule::SliceReadOnly, &access);
    }
    const std::uint64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
    const Obligation obligation{bounds_rule(from->kind),
                                &access,
                                from->variable,
                                from->constant + bytes,
                                from->length != nullptr ? slice_length_key(from->length) : nullptr,
                                from->size};
    if (!holds_by_range(obligation)) {
        obligations_.push_back(obligation);
    }
    return true;
}

}  // namespace tessera::safeir
