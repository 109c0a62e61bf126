// Everything of the kernel that programs can be bound to.
#pragma once

#include "safeir/load/bindings.h"

#include <span>
#include <vector>

namespace tessera::caps {

[[nodiscard]] std::vector<safeir::KernelFunction> helper_functions();   // helpers.cpp
[[nodiscard]] std::vector<safeir::KernelFunction> library_functions();  // library.cpp: what the code generator calls
[[nodiscard]] std::vector<safeir::KernelFunction> sdk_functions();      // sdk.cpp: tessera_*/...

[[nodiscard]] std::vector<safeir::KernelFunction> wait_functions();  // waits.cpp

[[nodiscard]] safeir::MethodEntries method_entries();  // call/crossing.cpp

// With `more`, which only tests and measurements have.
[[nodiscard]] safeir::Bindings all_bindings(std::span<const safeir::KernelFunction> more = {});

}  // namespace tessera::caps
