// Random bytes (Random in caps/schema/random.capnp).
#ifndef TESSERA_RANDOM_H
#define TESSERA_RANDOM_H

#include <tessera/method.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_METHOD("d48a92183bb7ccd1", "0:iw>il")
int32_t tessera_random_bytes_call(tessera_cap random, int32_t count, tessera_slice into);

// How many bytes were filled; -1: none.
static inline int32_t tessera_random_fill(tessera_cap random, void* into, size_t length) {
    const int32_t status = tessera_random_bytes_call(random, (int32_t)length, tessera_slice_of(into, length));
    const uint64_t bytes = tessera_result_i64(status, 1);
    return status == 0 ? (int32_t)bytes : -1;
}

#ifdef __cplusplus
}
#endif
#endif
