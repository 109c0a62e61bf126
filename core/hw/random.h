// Cryptographically strong bytes.
#pragma once

#include <cstddef>
#include <span>

namespace tessera::hw {
void fill_random(std::span<std::byte> into);
}
