// The code cache: a program's machine code, generated once and kept with the image, bound to what it was made from.
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/cpu_features.h"

#include <cstddef>
#include <span>
#include <vector>

namespace tessera::safeir {

// Full tier: the whole module optimised (-O3 without what the kernel doesn't allow) and compiled. For the image
// builder. Links with all of LLVM's optimiser: library tessera_generate, not in the kernel.
[[nodiscard]] Result<std::vector<std::byte>> generate_cache_entry(const CheckedModule& program, Features features);

// Whether the entry belongs to this program and these features, was made by this LLVM under these rules and is
// undamaged; the error says why not. Trusts no byte before its hash is known to be right.
[[nodiscard]] Result<void>
check_cache_entry(std::span<const std::byte> entry, const CheckedModule& program, Features features);

}  // namespace tessera::safeir
