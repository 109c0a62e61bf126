// Who says what a method takes and gives.
#pragma once

#include "caps/call/by_words.h"
#include "caps/description.h"

#include <cstdint>
#include <optional>

namespace tessera::caps {

// By the program's own description, which its code agrees with.
[[nodiscard]] std::optional<MethodDescription>
described_by(Domain& domain, std::uint64_t interface, std::uint32_t ordinal);
// Of the interfaces that the kernel's own objects have.
[[nodiscard]] std::optional<MethodDescription> described_by_kernel(std::uint64_t interface, std::uint32_t ordinal);

}  // namespace tessera::caps
