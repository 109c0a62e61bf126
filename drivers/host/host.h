// Whoever started the machine and waits for its end, as `tessera run` does: two of QEMU's isa-debugcon ports, one that
// takes messages about errors, one that takes the exit status, whole. Found by what they read as.
#pragma once

namespace tessera::drivers {

// Attaches it if it is there.
void start_host();

}  // namespace tessera::drivers
