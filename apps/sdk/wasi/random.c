// Randomness, if the program was granted some.
#include "descriptor.h"

#include <tessera/random.tessera.h>

WASI(random_get)(wasi_address into, uint32_t bytes) {
    static tessera_random random;
    static bool was_asked;
    if (!was_asked) {
        was_asked = true;
        random.handle = tessera_wasi_grant(TESSERA_RANDOM_ID);
    }
    if (random.handle == 0) {
        return WASI_NOTCAPABLE;
    }
    size_t length = 0;
    const int32_t status = tessera_random_bytes(random, bytes, AT(void, into), bytes, &length);
    if (status == TESSERA_STATUS_OK && length != bytes) {
        return WASI_IO;
    }
    return tessera_wasi_error(status);
}
