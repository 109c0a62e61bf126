// Reading and writing.
#include "descriptor.h"

#include <string.h>

enum { VECTORS_MAX = 1024, GATHERED_MAX = 4096 };

static wasi_errno readable(const descriptor* open) {
    if (open == NULL || (open->rights & WASI_RIGHT_READ) == 0) {
        return WASI_BADF;
    }
    return open->is->directory != NULL ? WASI_ISDIR : WASI_SUCCESS;
}

static wasi_errno writable(const descriptor* open) {
    if (open == NULL || (open->rights & WASI_RIGHT_WRITE) == 0) {
        return WASI_BADF;
    }
    return open->is->directory != NULL ? WASI_ISDIR : WASI_SUCCESS;
}

static bool has_positions(const descriptor* open) { return open->is->type == WASI_REGULAR_FILE; }

// One vector after the other, until there is nothing more; of a stream what is there for the first that has room.
static wasi_errno read_vectors(const descriptor* from,
                               uint64_t position,
                               wasi_address vectors,
                               uint32_t count,
                               wasi_address result,
                               uint32_t* total) {
    const struct wasi_vector* vector = AT(const struct wasi_vector, vectors);
    *total = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (vector[i].length == 0) {
            continue;
        }
        uint32_t done = 0;
        const int32_t status =
            from->is->read(from, position + *total, AT(void, vector[i].bytes), vector[i].length, &done);
        if (status != TESSERA_STATUS_OK && *total == 0) {
            return tessera_wasi_error(status);
        }
        *total += done;
        if (status != TESSERA_STATUS_OK || done < vector[i].length || !has_positions(from)) {
            break;
        }
    }
    *AT(uint32_t, result) = *total;
    return WASI_SUCCESS;
}

// A stream gets small pieces as one, so that nobody else's come between.
static uint32_t gather(const struct wasi_vector* vector, uint32_t count, char* room) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (vector[i].length > GATHERED_MAX - used) {
            return 0;
        }
        memcpy(room + used, AT(const void, vector[i].bytes), vector[i].length);
        used += vector[i].length;
    }
    return used;
}

static int32_t
write_one(descriptor* to, uint64_t* position, bool appends, const void* bytes, uint32_t length, uint32_t* done) {
    if (!appends) {
        return to->is->write(to, *position, bytes, length, done);
    }
    uint64_t end = 0;
    const int32_t status = to->is->append(to, bytes, length, &end, done);
    *position = end;
    return status;
}

// `position` is moved past what was written.
static wasi_errno write_vectors(
    descriptor* to, uint64_t* position, bool appends, wasi_address vectors, uint32_t count, wasi_address result) {
    const struct wasi_vector* vector = AT(const struct wasi_vector, vectors);
    char gathered[GATHERED_MAX];
    struct wasi_vector one;
    if (!has_positions(to) && count > 1) {
        const uint32_t bytes = gather(vector, count, gathered);
        if (bytes != 0) {
            one = (struct wasi_vector){(uint32_t)(uintptr_t)gathered, bytes};
            vector = &one;
            count = 1;
        }
    }
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (vector[i].length == 0) {
            continue;
        }
        uint32_t done = 0;
        const int32_t status =
            write_one(to, position, appends, AT(const void, vector[i].bytes), vector[i].length, &done);
        if (status != TESSERA_STATUS_OK && total == 0) {
            return tessera_wasi_error(status);
        }
        *position += done;
        total += done;
        if (status != TESSERA_STATUS_OK || done < vector[i].length) {
            break;
        }
    }
    *AT(uint32_t, result) = total;
    return WASI_SUCCESS;
}

WASI(fd_read)(uint32_t fd, wasi_address vectors, uint32_t count, wasi_address result) {
    descriptor* open = tessera_wasi_get(fd);
    wasi_errno error = readable(open);
    if (error == WASI_SUCCESS && count > VECTORS_MAX) {
        error = WASI_INVAL;
    }
    if (error == WASI_SUCCESS) {
        uint32_t total = 0;
        error = read_vectors(open, open->position, vectors, count, result, &total);
        open->position += total;
    }
    return error;
}

WASI(fd_pread)(uint32_t fd, wasi_address vectors, uint32_t count, uint64_t position, wasi_address result) {
    const descriptor* open = tessera_wasi_get(fd);
    wasi_errno error = readable(open);
    if (error == WASI_SUCCESS && (count > VECTORS_MAX || !has_positions(open))) {
        error = count > VECTORS_MAX ? WASI_INVAL : WASI_SPIPE;
    }
    uint32_t total = 0;
    return error != WASI_SUCCESS ? error : read_vectors(open, position, vectors, count, result, &total);
}

WASI(fd_write)(uint32_t fd, wasi_address vectors, uint32_t count, wasi_address result) {
    descriptor* open = tessera_wasi_get(fd);
    wasi_errno error = writable(open);
    if (error == WASI_SUCCESS && count > VECTORS_MAX) {
        error = WASI_INVAL;
    }
    if (error == WASI_SUCCESS) {
        const bool appends = has_positions(open) && (open->flags & WASI_APPEND) != 0;
        error = write_vectors(open, &open->position, appends, vectors, count, result);
    }
    return error;
}

WASI(fd_pwrite)(uint32_t fd, wasi_address vectors, uint32_t count, uint64_t position, wasi_address result) {
    descriptor* open = tessera_wasi_get(fd);
    wasi_errno error = writable(open);
    if (error == WASI_SUCCESS && (count > VECTORS_MAX || !has_positions(open))) {
        error = count > VECTORS_MAX ? WASI_INVAL : WASI_SPIPE;
    }
    return error != WASI_SUCCESS ? error : write_vectors(open, &position, false, vectors, count, result);
}
