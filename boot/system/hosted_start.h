// What the mains of hosted kernels do.
#pragma once

#include "safeir/load/bindings.h"

#include <span>

namespace tessera::system {

// As kernel_main, with main's own arguments.
[[noreturn]] void run_hosted(int argc, char** argv, std::span<const safeir::KernelFunction> more = {});

}  // namespace tessera::system
