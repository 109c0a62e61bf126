// The kernel's main, the same on both platforms.
#pragma once

#include "safeir/load/bindings.h"

#include <span>

namespace tessera::system {

// Opens the bundle, runs its programs, returns the first one's exit status.
// `more` is what programs can import besides: for measurements that lend them what no image has.
[[nodiscard]] int kernel_main(std::span<const safeir::KernelFunction> more = {});

}  // namespace tessera::system
