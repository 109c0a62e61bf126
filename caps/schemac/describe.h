// The flat description of an interface, as it travels in modules.
#pragma once

#include "caps/schemac/model.h"

#include <cstdint>
#include <vector>

namespace tessera::schemac {

// Throws std::runtime_error for what a description can't hold: see abi_of, and the limits in caps/description_form.h.
[[nodiscard]] std::vector<std::uint8_t> describe(const Schema& schema, const Node& interface);

}  // namespace tessera::schemac
