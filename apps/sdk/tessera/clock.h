// A clock, in nanoseconds (Clock in caps/schema/time.capnp). Not together with <tessera/time.tessera.h>, which has functions of the
// same names that give a status, too.
#ifndef TESSERA_CLOCK_H
#define TESSERA_CLOCK_H

#include <tessera/method.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_METHOD("aeeb5874a5df9e99", "0:>il") int32_t tessera_clock_now_call(tessera_cap clock);
TESSERA_METHOD("aeeb5874a5df9e99", "1:>il") int32_t tessera_clock_wall_call(tessera_cap clock);

// Monotonic. 0: it can't be told.
static inline uint64_t tessera_clock_now(tessera_cap clock) {
    const int32_t status = tessera_clock_now_call(clock);
    return tessera_result_i64(status, 1);
}

// Since 1970. 0: it can't be told.
static inline uint64_t tessera_clock_wall(tessera_cap clock) {
    const int32_t status = tessera_clock_wall_call(clock);
    return tessera_result_i64(status, 1);
}

#ifdef __cplusplus
}
#endif
#endif
