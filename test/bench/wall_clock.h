// For native Lua in `tessera bench codegen`: os.clock() by the wall, as in a Tessera program.
#pragma once
#include <time.h>

static inline clock_t wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / (1000000000 / CLOCKS_PER_SEC);
}
#define clock wall_clock
