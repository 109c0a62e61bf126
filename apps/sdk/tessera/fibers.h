// Fibers of the program: what runs on every core at once. Each has a stack of its own (64 KiB in the arena, for objects
// whose address is taken, and 8 MiB for calls) and its own thread_local variables.
#ifndef TESSERA_FIBERS_H
#define TESSERA_FIBERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many can run at once. 1: the program was not granted Cores.
uint32_t tessera_fibers_at_once(void);

// One more, which calls function(argument), and is gone when that returns. A status (tessera/status.tessera.h): denied
// without Cores, exhausted where there is no room for it. A fault in it ends the program.
int32_t tessera_fiber_start(void (*function)(void*), void* argument);

#ifdef __cplusplus
}
#endif
#endif
