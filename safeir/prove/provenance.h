// Where a pointer comes from. Found by walking back over address arithmetic, at most three steps.
#pragma once

#include "safeir/check/range.h"

#include "llvm/IR/Instructions.h"

#include <cstdint>
#include <optional>

namespace tessera::safeir {

enum class PointerKind : std::uint8_t { Arena, Frame, Table, SliceRo, SliceRw };

struct Provenance {
    PointerKind kind;
    llvm::Value* variable =
        nullptr;  // frame, table, slice: the 64-bit variable part of the offset; null where there is none
    std::uint64_t constant = 0;     // the constant part of the offset
    std::uint64_t size = 0;         // frame, table: bytes
    llvm::Value* length = nullptr;  // slice: what stands for its length (see slice_length_key)
};

// Nothing where the pointer has no provenance that the rules know; then `reason_base` tells whether the arena's base is
// involved.
[[nodiscard]] std::optional<Provenance> provenance_of(llvm::Value* pointer, const llvm::Function& function);

// "ro", "rw" or nothing: what kind of slice a call of this function gives.
[[nodiscard]] std::optional<PointerKind> slice_result(const llvm::Function& function);
[[nodiscard]] std::optional<PointerKind> slice_parameter(const llvm::Function& function, unsigned parameter);

// A load of a function pointer through a masked index from a function table gives the table's function type.
[[nodiscard]] llvm::FunctionType* table_function_type(const llvm::Value* loaded);
[[nodiscard]] bool is_function_table(const llvm::GlobalVariable& global);
[[nodiscard]] bool is_data_table(const llvm::GlobalVariable& global);

}  // namespace tessera::safeir
