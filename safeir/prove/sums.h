// Sums compared.
#pragma once

#include "safeir/check/linear.h"

namespace tessera::safeir {

// Of the value's part, or 0.
[[nodiscard]] std::int64_t scale_of(const Linear& sum, const llvm::Value* value);
// The same parts in any order.
[[nodiscard]] bool have_same_parts(const Linear& one, const Linear& other);
[[nodiscard]] std::uint64_t hash_of_parts(const Linear& sum);
[[nodiscard]] inline bool operator==(const Linear& one, const Linear& other) {
    return one.constant == other.constant && have_same_parts(one, other);
}

}  // namespace tessera::safeir
