// virtio-console, the first port: a console in addition to the serial line.
#pragma once

namespace tessera::drivers {

// Attaches it if there is one. Polled: no interrupts.
void start_virtio_console();

}  // namespace tessera::drivers
