// The first serial port (16550): console of last resort, and the usual one under QEMU.
#pragma once

namespace tessera::drivers {

// Attaches the port as a console if there is one. 115200 baud, 8N1, no interrupts.
void start_serial();

}  // namespace tessera::drivers
