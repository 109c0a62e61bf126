// Where a function of a program has its code.
#pragma once

#include <cstdint>

namespace tessera::safeir {

struct LinkedFunction {
    std::uint32_t index = 0;  // which of the program's
    std::uintptr_t address = 0;
    std::uint64_t bytes = 0;
};

}  // namespace tessera::safeir
