// Positions.
#include "descriptor.h"

static wasi_errno with_positions(const descriptor* open) {
    if (open == NULL) {
        return WASI_BADF;
    }
    return open->is->type == WASI_REGULAR_FILE ? WASI_SUCCESS : WASI_SPIPE;
}

WASI(fd_seek)(uint32_t fd, int64_t by, uint32_t whence, wasi_address result) {
    enum { FROM_START, FROM_HERE, FROM_END };
    descriptor* open = tessera_wasi_get(fd);
    const wasi_errno error = with_positions(open);
    if (error != WASI_SUCCESS) {
        return error;
    }
    int64_t start = whence == FROM_HERE ? (int64_t)open->position : 0;
    if (whence == FROM_END) {
        struct tessera_wasi_facts facts;
        const int32_t status = open->is->facts(open, &facts);
        if (status != TESSERA_STATUS_OK) {
            return tessera_wasi_error(status);
        }
        start = (int64_t)facts.bytes;
    }
    int64_t position = 0;
    if (whence > FROM_END || __builtin_add_overflow(start, by, &position) || position < 0) {
        return WASI_INVAL;
    }
    open->position = (uint64_t)position;
    *AT(uint64_t, result) = open->position;
    return WASI_SUCCESS;
}

WASI(fd_tell)(uint32_t fd, wasi_address result) {
    const descriptor* open = tessera_wasi_get(fd);
    const wasi_errno error = with_positions(open);
    if (error == WASI_SUCCESS) {
        *AT(uint64_t, result) = open->position;
    }
    return error;
}
