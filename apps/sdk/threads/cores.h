// The Cores that the program was granted.
#ifndef TESSERA_THREADS_CORES_H
#define TESSERA_THREADS_CORES_H

#include <stdint.h>

// 0: none.
uint32_t tessera_cores_handle(void);
// How many fibers can run at once; 1 without Cores.
uint32_t tessera_cores_at_once(void);

#endif
