// What a pointer that is null reads as, as a message of one segment.
#pragma once

#include "caps/schemac/model.h"

#include <cstdint>
#include <vector>

namespace tessera::schemac {

[[nodiscard]] std::vector<std::uint8_t> default_message(const Field& field);

}  // namespace tessera::schemac
