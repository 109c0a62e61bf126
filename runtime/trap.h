// What a trap means: a program's fault ends that program's call, everything else is the kernel's own.
#pragma once

#include "runtime/fiber.h"

#include <cstdint>

namespace tessera::runtime {

// Installs the trap and timer handlers. Addresses in [code_begin, code_end) are program code.
void install_handlers(std::uintptr_t code_begin, std::uintptr_t code_end);

// Sets fiber.stop if its deadline has passed or a stop was asked for.
void check_stop(Fiber& fiber);

}  // namespace tessera::runtime
