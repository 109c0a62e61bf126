// Clocks.
#include "descriptor.h"

#include <tessera/time.tessera.h>

enum { REALTIME, MONOTONIC, PROCESS_TIME, THREAD_TIME };

static uint64_t start;

static tessera_clock granted_clock(void) {
    static tessera_clock clock;
    static bool was_asked;
    if (!was_asked) {
        was_asked = true;
        clock.handle = tessera_wasi_grant(TESSERA_CLOCK_ID);
    }
    return clock;
}

bool tessera_wasi_monotonic(uint64_t* nanoseconds) {
    const tessera_clock clock = granted_clock();
    return clock.handle != 0 && tessera_clock_now(clock, nanoseconds) == TESSERA_STATUS_OK;
}

bool tessera_wasi_wall(int64_t* nanoseconds) {
    const tessera_clock clock = granted_clock();
    return clock.handle != 0 && tessera_clock_wall(clock, nanoseconds) == TESSERA_STATUS_OK;
}

// A processor's time is counted from the program's start.
__attribute__((constructor(50))) static void remember_start(void) { (void)tessera_wasi_monotonic(&start); }

WASI(clock_time_get)(uint32_t id, uint64_t precision, wasi_address result) {
    (void)precision;
    int64_t wall = 0;
    uint64_t now = 0;
    if (id > THREAD_TIME) {
        return granted_clock().handle != 0 ? WASI_INVAL : WASI_NOTCAPABLE;
    }
    if (id == REALTIME ? !tessera_wasi_wall(&wall) : !tessera_wasi_monotonic(&now)) {
        return WASI_NOTCAPABLE;
    }
    *AT(uint64_t, result) = id == REALTIME ? (uint64_t)wall : id == MONOTONIC ? now : now - start;
    return WASI_SUCCESS;
}

WASI(clock_res_get)(uint32_t id, wasi_address result) {
    const tessera_clock clock = granted_clock();
    if (clock.handle == 0) {
        return WASI_NOTCAPABLE;
    }
    uint64_t step = 1;
    if (id > THREAD_TIME || tessera_clock_resolution(clock, &step) != TESSERA_STATUS_OK) {
        return WASI_INVAL;
    }
    *AT(uint64_t, result) = step;
    return WASI_SUCCESS;
}
