// Asking about descriptors and changing what they are.
#include "descriptor.h"
#include "filestat.h"

WASI(fd_close)(uint32_t fd) {
    if (tessera_wasi_get(fd) == NULL) {
        return WASI_BADF;
    }
    tessera_wasi_close(fd);
    return WASI_SUCCESS;
}

WASI(fd_renumber)(uint32_t from, uint32_t to) {
    if (tessera_wasi_get(from) == NULL || tessera_wasi_get(to) == NULL) {
        return WASI_BADF;
    }
    if (from != to && tessera_wasi_duplicate_as(from, to)) {
        tessera_wasi_close(from);
    }
    return WASI_SUCCESS;
}

WASI(fd_fdstat_get)(uint32_t fd, wasi_address result) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    *AT(struct wasi_fdstat, result) = (struct wasi_fdstat){
        open->is->type, open->flags, open->rights, open->is->directory != NULL ? WASI_RIGHTS_ALL : 0};
    return WASI_SUCCESS;
}

WASI(fd_fdstat_set_flags)(uint32_t fd, uint32_t flags) {
    descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    open->flags = (uint16_t)(flags & WASI_APPEND);
    return WASI_SUCCESS;
}

WASI(fd_fdstat_set_rights)(uint32_t fd, uint64_t rights, uint64_t inheriting) {
    descriptor* open = tessera_wasi_get(fd);
    (void)inheriting;
    if (open == NULL) {
        return WASI_BADF;
    }
    if ((rights & ~open->rights) != 0) {
        return WASI_NOTCAPABLE;
    }
    open->rights = rights;
    return WASI_SUCCESS;
}

WASI(fd_filestat_get)(uint32_t fd, wasi_address result) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    struct tessera_wasi_facts facts;
    const int32_t status = open->is->facts(open, &facts);
    if (status == TESSERA_STATUS_OK) {
        *AT(struct wasi_filestat, result) = tessera_wasi_filestat(open->is->type, &facts);
    }
    return tessera_wasi_error(status);
}

WASI(fd_filestat_set_size)(uint32_t fd, uint64_t bytes) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    if (open->is->resize == NULL || (open->rights & WASI_RIGHT_WRITE) == 0) {
        return WASI_INVAL;
    }
    return tessera_wasi_error(open->is->resize(open, bytes));
}

// Room that is not taken now may be gone later: a file grows to its new end, so far as it is not there already.
WASI(fd_allocate)(uint32_t fd, uint64_t position, uint64_t bytes) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    uint64_t end = 0;
    if (open->is->resize == NULL || (open->rights & WASI_RIGHT_WRITE) == 0 ||
        __builtin_add_overflow(position, bytes, &end)) {
        return WASI_INVAL;
    }
    struct tessera_wasi_facts facts;
    int32_t status = open->is->facts(open, &facts);
    if (status == TESSERA_STATUS_OK && end > facts.bytes) {
        status = open->is->resize(open, end);
    }
    return tessera_wasi_error(status);
}

static wasi_errno sync_one(uint32_t fd, bool data) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    return open->is->sync != NULL ? tessera_wasi_error(open->is->sync(open, data)) : (wasi_errno)WASI_SUCCESS;
}
WASI(fd_sync)(uint32_t fd) { return sync_one(fd, false); }
WASI(fd_datasync)(uint32_t fd) { return sync_one(fd, true); }

WASI(fd_advise)(uint32_t fd, uint64_t position, uint64_t bytes, uint32_t advice) {
    (void)position, (void)bytes, (void)advice;
    return tessera_wasi_get(fd) != NULL ? WASI_SUCCESS : WASI_BADF;
}
