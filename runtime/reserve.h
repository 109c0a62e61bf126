// Memory that the kernel keeps back, so that it can say what happened when all other is gone: programs' accounts don't
// reach it, and the kernel's own allocations take it only when they would fail.
#pragma once

#include <cstddef>

namespace tessera::runtime {

inline constexpr std::size_t kReserveBytes = std::size_t{4} << 20U;

// Takes the reserve, if it is not there. False: there is too little memory for it.
bool keep_reserve();
// Gives the reserve to whoever allocates next. False: that has been done already.
[[nodiscard]] bool open_reserve();

}  // namespace tessera::runtime
