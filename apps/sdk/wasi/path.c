#include "path.h"

#include <string.h>

// Whether what stands before a ".." is a directory at all.
static wasi_errno step_back(struct tessera_wasi_resolved* to) {
    if (to->path.bytes == 0) {
        return WASI_NOTCAPABLE;
    }
    struct tessera_wasi_facts facts;
    const int32_t status = to->directory->is->directory->facts(to->directory, to->path, true, &facts);
    if (status != TESSERA_STATUS_OK || !facts.is_directory) {
        return status != TESSERA_STATUS_OK ? tessera_wasi_error(status) : (wasi_errno)WASI_NOTDIR;
    }
    uint32_t bytes = to->path.bytes;
    while (bytes > 0 && to->text[bytes - 1] != '/') {
        --bytes;
    }
    to->path.bytes = bytes > 0 ? bytes - 1 : 0;
    return WASI_SUCCESS;
}

static wasi_errno add_name(struct tessera_wasi_resolved* to, const char* name, uint32_t bytes) {
    uint32_t used = to->path.bytes;
    if (bytes + 1 > TESSERA_WASI_PATH_MAX - used) {
        return WASI_NAMETOOLONG;
    }
    if (used != 0) {
        to->text[used++] = '/';
    }
    memcpy(to->text + used, name, bytes);
    to->path.bytes = used + bytes;
    return WASI_SUCCESS;
}

wasi_errno
tessera_wasi_resolve(uint32_t fd, wasi_address path, uint32_t bytes, struct tessera_wasi_resolved* resolved) {
    tessera_wasi_preopen();
    const descriptor* directory = tessera_wasi_get(fd);
    if (directory == NULL || directory->is->directory == NULL) {
        return directory == NULL ? WASI_BADF : WASI_NOTDIR;
    }
    const char* text = AT(const char, path);
    if (bytes == 0 || text[0] == '/') {
        return bytes == 0 ? WASI_NOENT : WASI_NOTCAPABLE;
    }
    resolved->directory = directory;
    resolved->path = (struct tessera_wasi_path){resolved->text, 0};
    wasi_errno error = WASI_SUCCESS;
    for (uint32_t at = 0; at < bytes && error == WASI_SUCCESS;) {
        uint32_t part = 0;
        while (at + part < bytes && text[at + part] != '/') {
            ++part;
        }
        const bool is_dots = part == 2 && text[at] == '.' && text[at + 1] == '.';
        const bool is_dot = part == 1 && text[at] == '.';
        resolved->wants_directory = is_dots || is_dot || at + part < bytes;
        if (is_dots) {
            error = step_back(resolved);
        } else if (part != 0 && !is_dot) {
            error = add_name(resolved, text + at, part);
        }
        at += part + 1;
    }
    return error;
}
