// A clock, in nanoseconds.
#ifndef TESSERA_CLOCK_H
#define TESSERA_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_IMPORT("tessera_clock", "now") uint64_t tessera_clock_now(tessera_cap clock);   // monotonic
TESSERA_IMPORT("tessera_clock", "wall") uint64_t tessera_clock_wall(tessera_cap clock);  // since 1970

#ifdef __cplusplus
}
#endif
#endif
