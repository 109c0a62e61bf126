// The hosted platform's own: what its main() does before the kernel's.
#pragma once

#include "core/base/result.h"

#include <string>

namespace tessera::platform::hosted {

// Maps the bundle, installs the signal handlers, makes this thread core 0.
[[nodiscard]] Result<void> start(const std::string& bundle_path, std::string command_line);

}  // namespace tessera::platform::hosted
