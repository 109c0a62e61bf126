// What gettid says.
#pragma once

#include "core/arch/cpu.h"

namespace tessera::libc {
[[nodiscard]] inline std::uint32_t thread_id(const arch::Cpu& cpu) { return cpu.index + 1; }
}  // namespace tessera::libc
