// Listed intrinsics: their LLVM types, from safeir/spec/intrinsics.def.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Intrinsics.h"

#include <cstdint>
#include <optional>

namespace tessera::safeir {

enum class IntrinsicKind : std::uint8_t { Int, Float, IntFlag, Reduce, ReduceFloat, ReduceStart, Overflow, Compare };

struct ListedIntrinsic {
    std::uint8_t code;
    llvm::Intrinsic::ID id;
    std::uint8_t operands;  // without a flag or start operand
    IntrinsicKind kind;
};

[[nodiscard]] const ListedIntrinsic* find_intrinsic_by_code(unsigned code);
[[nodiscard]] const ListedIntrinsic* find_intrinsic_by_id(llvm::Intrinsic::ID id);

// The types of one use: `value` is the operands' type, `result` matters for Compare alone.
struct IntrinsicTypes {
    llvm::SmallVector<llvm::Type*, 4> operands;   // what the program gives, in order
    llvm::SmallVector<llvm::Type*, 2> overloads;  // LLVM's overload types
    bool flag = false;                            // a false i1 is to be added at the end
};
[[nodiscard]] std::optional<IntrinsicTypes>
intrinsic_types(const ListedIntrinsic& intrinsic, llvm::Type* value, llvm::Type* result);

}  // namespace tessera::safeir
