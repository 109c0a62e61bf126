// What has two paths: names moved and added.
#include "path.h"

// False with the error: a path leads nowhere, or the two are not in the same file system.
static bool resolve_both(uint32_t fd,
                         wasi_address path,
                         uint32_t bytes,
                         uint32_t new_fd,
                         wasi_address new_path,
                         uint32_t new_bytes,
                         struct tessera_wasi_resolved both[2],
                         wasi_errno* error) {
    *error = tessera_wasi_resolve(fd, path, bytes, &both[0]);
    if (*error == WASI_SUCCESS) {
        *error = tessera_wasi_resolve(new_fd, new_path, new_bytes, &both[1]);
    }
    if (*error == WASI_SUCCESS && both[0].directory->is != both[1].directory->is) {
        *error = WASI_XDEV;
    }
    if (*error == WASI_SUCCESS && (both[0].path.bytes == 0 || both[1].path.bytes == 0)) {
        *error = WASI_BUSY;
    }
    return *error == WASI_SUCCESS;
}

WASI(path_rename)(
    uint32_t fd, wasi_address path, uint32_t bytes, uint32_t new_fd, wasi_address new_path, uint32_t new_bytes) {
    struct tessera_wasi_resolved both[2];
    wasi_errno error = WASI_SUCCESS;
    if (!resolve_both(fd, path, bytes, new_fd, new_path, new_bytes, both, &error)) {
        return error;
    }
    const struct tessera_wasi_directory* in = both[0].directory->is->directory;
    return tessera_wasi_error(in->rename(both[0].directory, both[0].path, both[1].directory, both[1].path));
}

WASI(path_link)(uint32_t fd,
                uint32_t lookup,
                wasi_address path,
                uint32_t bytes,
                uint32_t new_fd,
                wasi_address new_path,
                uint32_t new_bytes) {
    (void)lookup;
    struct tessera_wasi_resolved both[2];
    wasi_errno error = WASI_SUCCESS;
    if (!resolve_both(fd, path, bytes, new_fd, new_path, new_bytes, both, &error)) {
        return error;
    }
    const struct tessera_wasi_directory* in = both[0].directory->is->directory;
    if (in->link == NULL) {
        return WASI_NOTSUP;
    }
    return tessera_wasi_error(in->link(both[0].directory, both[0].path, both[1].directory, both[1].path));
}

WASI(path_symlink)(wasi_address target, uint32_t target_bytes, uint32_t fd, wasi_address path, uint32_t bytes) {
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    const struct tessera_wasi_directory* in = at.directory->is->directory;
    if (in->symbolic_link == NULL) {
        return WASI_NOTSUP;
    }
    return tessera_wasi_error(in->symbolic_link(at.directory, at.path, AT(const char, target), target_bytes));
}

WASI(path_readlink)(
    uint32_t fd, wasi_address path, uint32_t bytes, wasi_address into, uint32_t room, wasi_address result) {
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    const struct tessera_wasi_directory* in = at.directory->is->directory;
    struct tessera_wasi_facts facts;
    const int32_t status = in->facts(at.directory, at.path, false, &facts);
    if (status != TESSERA_STATUS_OK) {
        return tessera_wasi_error(status);  // not WASI_INVAL, which says that it is there
    }
    if (in->read_link == NULL) {
        return WASI_INVAL;  // what has no links has only what is none
    }
    return tessera_wasi_error(in->read_link(at.directory, at.path, AT(char, into), room, AT(uint32_t, result)));
}
