// A module of a kilobyte of code or so, for `tessera bench caps`: it serves Probe, and needs no C library.
#include <tessera/method.h>

#define PROBE "a6f0d2c47b918e35"

static uint32_t kept[1000];
static uint32_t kept_count;

TESSERA_OFFER(PROBE "/0:ll>il") int32_t add(uint64_t state, uint64_t a, uint64_t b) {
    return tessera_results_il(0, a + b + state);
}

TESSERA_OFFER(PROBE "/5:c>i") int32_t keep(uint64_t state, tessera_cap probe) {
    (void)state;
    if (kept_count == 1000) {
        return 8;
    }
    kept[kept_count++] = tessera_cap_to_handle(probe);
    return 0;
}

int tessera_main(void) { return 0; }
