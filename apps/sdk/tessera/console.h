// A console, in one call each (ByteStream in caps/schema/stream.capnp; <tessera/stream.tessera.h> has all of it).
#ifndef TESSERA_CONSOLE_H
#define TESSERA_CONSOLE_H

#include <tessera/method.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_METHOD("ec8ee198c6c97d6c", "0:ilw>il")
int32_t tessera_console_read_call(tessera_cap console, int32_t count, uint64_t deadline, tessera_slice into);
TESSERA_METHOD("ec8ee198c6c97d6c", "1:rl>il")
int32_t tessera_console_write_call(tessera_cap console, tessera_slice text, uint64_t deadline);

// How many bytes were taken; -1: none could be.
static inline int32_t tessera_console_write(tessera_cap console, const void* text, size_t length) {
    const int32_t status = tessera_console_write_call(console, tessera_slice_of_const(text, length), UINT64_MAX);
    const uint64_t written = tessera_result_i64(status, 1);
    return status == 0 ? (int32_t)written : -1;
}

// Waits for at least one byte. 0: the end of input; -1: nothing could be read.
static inline int32_t tessera_console_read(tessera_cap console, void* into, size_t length) {
    const int32_t end_of_stream = 25;
    const int32_t status =
        tessera_console_read_call(console, (int32_t)length, UINT64_MAX, tessera_slice_of(into, length));
    const uint64_t bytes = tessera_result_i64(status, 1);
    return status == 0 ? (int32_t)bytes : status == end_of_stream ? 0 : -1;
}

#ifdef __cplusplus
}
#endif
#endif
