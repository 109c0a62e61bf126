// A module's description of an interface, as far as the loader holds it against the module's code.
#pragma once

#include "caps/description.h"
#include "safeir/load/methods.h"

#include <cstddef>
#include <optional>
#include <span>

namespace tessera::caps {

// By which the code of callers and implementers is compared; none: no code can have it.
[[nodiscard]] std::optional<safeir::MethodSignature> signature_word(const MethodDescription& method);

[[nodiscard]] Result<safeir::DescribedInterface> describe_interface(std::span<const std::byte> description);

}  // namespace tessera::caps
