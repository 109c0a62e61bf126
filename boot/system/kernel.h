// The kernel's main, the same on both platforms.
#pragma once

namespace tessera::system {

// Opens the bundle, runs its programs, returns the first one's exit status.
[[nodiscard]] int kernel_main();

}  // namespace tessera::system
