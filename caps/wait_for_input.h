// Reading a console that may have nothing yet.
#pragma once

#include "caps/object.h"

#include <cstddef>
#include <span>

namespace tessera::caps {

// Sleeps until there is something; 0 at the end of input or when the fiber is to be stopped.
[[nodiscard]] std::size_t wait_for_input(Console& console, std::span<std::byte> into);

}  // namespace tessera::caps
