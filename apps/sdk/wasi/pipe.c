// Pipes inside of a program: what is written at one end is read at the other. Nobody else is there to wait for.
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

enum { PIPE_BYTES = 65536 };

struct pipe {
    uint32_t begin, bytes;
    bool is_read, is_written;  // that end is open
    char data[PIPE_BYTES];
};

static struct pipe* pipe_of(const descriptor* end) { return (struct pipe*)(uintptr_t)end->object; }

static int32_t read_pipe(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    (void)position;
    struct pipe* pipe = pipe_of(from);
    *done = bytes < pipe->bytes ? bytes : pipe->bytes;
    if (*done == 0 && bytes != 0 && pipe->is_written) {
        return TESSERA_STATUS_WOULD_WAIT;
    }
    const uint32_t first = *done < PIPE_BYTES - pipe->begin ? *done : PIPE_BYTES - pipe->begin;
    memcpy(into, pipe->data + pipe->begin, first);
    memcpy((char*)into + first, pipe->data, *done - first);
    pipe->begin = (pipe->begin + *done) % PIPE_BYTES;
    pipe->bytes -= *done;
    return TESSERA_STATUS_OK;
}

static int32_t write_pipe(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    (void)position;
    struct pipe* pipe = pipe_of(to);
    const uint32_t room = PIPE_BYTES - pipe->bytes;
    *done = bytes < room ? bytes : room;
    if (!pipe->is_read) {
        *done = 0;
        tessera_wasi_nobody_reads();
        return TESSERA_STATUS_CLOSED;
    }
    if (*done == 0 && bytes != 0) {
        return TESSERA_STATUS_WOULD_WAIT;
    }
    const uint32_t end = (pipe->begin + pipe->bytes) % PIPE_BYTES;
    const uint32_t first = *done < PIPE_BYTES - end ? *done : PIPE_BYTES - end;
    memcpy(pipe->data + end, from, first);
    memcpy(pipe->data, (const char*)from + first, *done - first);
    pipe->bytes += *done;
    return TESSERA_STATUS_OK;
}

static int32_t pipe_facts(const descriptor* end, struct tessera_wasi_facts* facts) {
    *facts = (struct tessera_wasi_facts){.links = 1, .identity = end->object};
    return TESSERA_STATUS_OK;
}

static void release_pipe(const descriptor* end) {
    struct pipe* pipe = pipe_of(end);
    *((end->rights & WASI_RIGHT_WRITE) != 0 ? &pipe->is_written : &pipe->is_read) = false;
    if (!pipe->is_read && !pipe->is_written) {
        free(pipe);
    }
}

static const struct tessera_wasi_operations pipe_end = {
    .type = WASI_UNKNOWN_TYPE, .read = read_pipe, .write = write_pipe, .facts = pipe_facts, .release = release_pipe};

bool tessera_wasi_pipe(uint32_t ends[2]) {
    struct pipe* pipe = calloc(1, sizeof *pipe);
    if (pipe == NULL) {
        return false;
    }
    pipe->is_read = pipe->is_written = true;
    descriptor end = {.is = &pipe_end, .object = (uint32_t)(uintptr_t)pipe, .rights = WASI_RIGHT_READ};
    ends[0] = tessera_wasi_add(&end);
    end.rights = WASI_RIGHT_WRITE;
    ends[1] = ends[0] != UINT32_MAX ? tessera_wasi_add(&end) : UINT32_MAX;
    if (ends[1] == UINT32_MAX) {
        if (ends[0] != UINT32_MAX) {
            pipe->is_written = false;
            tessera_wasi_close(ends[0]);
        } else {
            free(pipe);
        }
        return false;
    }
    return true;
}
