// Streams of bytes: the console, a person's or what stands for one.
#include "descriptor.h"

#include <tessera/stream.tessera.h>

#define FOREVER UINT64_MAX

// Nobody takes any more what is written. C's start code has what happens then; elsewhere the write fails.
void tessera_wasi_broken_pipe(void);
__attribute__((weak)) void tessera_wasi_broken_pipe(void) {}

// By another name: who asked for that one would be given the start code, which wants a main.
void tessera_wasi_nobody_reads(void) { tessera_wasi_broken_pipe(); }

static int32_t read_stream(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    (void)position;
    const tessera_byte_stream stream = {from->object};
    size_t length = 0;
    const int32_t status = tessera_byte_stream_read(stream, bytes, FOREVER, into, bytes, &length);
    *done = (uint32_t)length;
    if (status == TESSERA_STATUS_END_OF_STREAM) {
        *done = 0;
        return TESSERA_STATUS_OK;
    }
    return status;
}

// All of it: few programs look how much was taken.
static int32_t write_stream(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    (void)position;
    const tessera_byte_stream stream = {to->object};
    *done = 0;
    while (*done < bytes) {
        uint64_t written = 0;
        const int32_t status =
            tessera_byte_stream_write(stream, (const char*)from + *done, bytes - *done, FOREVER, &written);
        if (status == TESSERA_STATUS_CLOSED) {
            tessera_wasi_nobody_reads();
        }
        if (status != TESSERA_STATUS_OK || written == 0) {
            return *done != 0 ? TESSERA_STATUS_OK : status;
        }
        *done += (uint32_t)written;
    }
    return TESSERA_STATUS_OK;
}

static int32_t stream_facts(const descriptor* stream, struct tessera_wasi_facts* facts) {
    (void)stream;
    *facts = (struct tessera_wasi_facts){.links = 1, .writable = true};
    return TESSERA_STATUS_OK;
}

static void release_stream(const descriptor* stream) { (void)stream; }  // the grant's, which stays

const struct tessera_wasi_operations tessera_wasi_stream = {.type = WASI_UNKNOWN_TYPE,
                                                            .read = read_stream,
                                                            .write = write_stream,
                                                            .facts = stream_facts,
                                                            .release = release_stream};

// What C's isatty goes by.
const struct tessera_wasi_operations tessera_wasi_terminal = {.type = WASI_CHARACTER_DEVICE,
                                                              .read = read_stream,
                                                              .write = write_stream,
                                                              .facts = stream_facts,
                                                              .release = release_stream};
