// Setting the times of files.
#include "filestat.h"

wasi_errno
tessera_wasi_times(uint32_t flags, const struct tessera_wasi_facts* facts, int64_t* accessed, int64_t* modified) {
    int64_t now = 0;
    if ((flags & (WASI_ACCESSED_NOW | WASI_MODIFIED_NOW)) != 0 && !tessera_wasi_wall(&now)) {
        return WASI_NOTCAPABLE;
    }
    if ((flags & WASI_SET_ACCESSED) == 0) {
        *accessed = (flags & WASI_ACCESSED_NOW) != 0 ? now : facts->accessed;
    }
    if ((flags & WASI_SET_MODIFIED) == 0) {
        *modified = (flags & WASI_MODIFIED_NOW) != 0 ? now : facts->modified;
    }
    return WASI_SUCCESS;
}

WASI(fd_filestat_set_times)(uint32_t fd, int64_t accessed, int64_t modified, uint32_t flags) {
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL) {
        return WASI_BADF;
    }
    if (open->is->set_times == NULL) {
        return WASI_INVAL;
    }
    struct tessera_wasi_facts facts;
    int32_t status = open->is->facts(open, &facts);
    if (status != TESSERA_STATUS_OK) {
        return tessera_wasi_error(status);
    }
    const wasi_errno error = tessera_wasi_times(flags, &facts, &accessed, &modified);
    return error != WASI_SUCCESS ? error : tessera_wasi_error(open->is->set_times(open, accessed, modified));
}
