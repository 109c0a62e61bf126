// QEMU's isa-debug-exit: a port that ends QEMU with an exit status of (value << 1) | 1. It can't be probed, so the
// runner that adds the device says so on the command line (exit=isa-debug).
#pragma once

namespace tessera::drivers {
void start_debug_exit();
void exit_by_debug_port(int status);
}  // namespace tessera::drivers
