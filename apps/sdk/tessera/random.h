// Random bytes.
#ifndef TESSERA_RANDOM_H
#define TESSERA_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_IMPORT("tessera_random", "fill") int32_t tessera_random_fill(tessera_cap random, void* into, size_t length);

#ifdef __cplusplus
}
#endif
#endif
