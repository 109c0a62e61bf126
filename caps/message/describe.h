// A module's description of an interface, as far as the loader holds it against the module's code.
#pragma once

#include "caps/description.h"
#include "safeir/load/methods.h"

#include <cstddef>
#include <span>

namespace tessera::caps {

[[nodiscard]] Result<safeir::DescribedInterface> describe_interface(std::span<const std::byte> description);

}  // namespace tessera::caps
