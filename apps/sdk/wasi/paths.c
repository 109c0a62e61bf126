// What is done by path.
#include "filestat.h"
#include "path.h"

// Files that exist and can't be written are refused here, where programs look for it, and not when they first write.
static int32_t refuse_writing(descriptor* file) {
    struct tessera_wasi_facts facts;
    const int32_t status = file->is->facts(file, &facts);
    if (status == TESSERA_STATUS_OK && facts.writable) {
        return TESSERA_STATUS_OK;
    }
    file->is->release(file);
    return status != TESSERA_STATUS_OK ? status : TESSERA_STATUS_READ_ONLY;
}

static int32_t open_one(const struct tessera_wasi_resolved* at, uint32_t how, bool writes, descriptor* found) {
    const struct tessera_wasi_directory* in = at->directory->is->directory;
    if (at->wants_directory || at->path.bytes == 0 || (how & WASI_ONLY_DIRECTORY) != 0) {
        return in->open_directory(at->directory, at->path, false, found);
    }
    const int32_t status = in->open(at->directory, at->path, how, found);
    if (status == TESSERA_STATUS_IS_DIRECTORY && !writes && (how & (WASI_TRUNC | WASI_EXCL)) == 0) {
        return in->open_directory(at->directory, at->path, false, found);
    }
    return status == TESSERA_STATUS_OK && writes ? refuse_writing(found) : status;
}

WASI(path_open)(uint32_t fd,
                uint32_t lookup,
                wasi_address path,
                uint32_t bytes,
                uint32_t how,
                uint64_t rights,
                uint64_t inheriting,
                uint32_t flags,
                wasi_address result) {
    (void)lookup, (void)inheriting;
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    // WASI has no "open for writing": asking for the right, to truncate or to append is it.
    const bool writes = (rights & WASI_RIGHT_WRITE) != 0 || (how & WASI_TRUNC) != 0 || (flags & WASI_APPEND) != 0;
    descriptor found = {.rights = rights, .flags = (uint16_t)(flags & WASI_APPEND)};
    const int32_t status = open_one(&at, how, writes, &found);
    if (status != TESSERA_STATUS_OK) {
        return tessera_wasi_error(status);
    }
    const uint32_t opened = tessera_wasi_add(&found);
    if (opened == UINT32_MAX) {
        found.is->release(&found);
        return WASI_MFILE;
    }
    *AT(uint32_t, result) = opened;
    return WASI_SUCCESS;
}

WASI(path_filestat_get)(uint32_t fd, uint32_t lookup, wasi_address path, uint32_t bytes, wasi_address result) {
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    struct tessera_wasi_facts facts;
    const int32_t status =
        at.directory->is->directory->facts(at.directory, at.path, (lookup & WASI_FOLLOW) != 0, &facts);
    if (status != TESSERA_STATUS_OK) {
        return tessera_wasi_error(status);
    }
    if (at.wants_directory && !facts.is_directory) {
        return WASI_NOTDIR;
    }
    *AT(struct wasi_filestat, result) =
        tessera_wasi_filestat(facts.is_directory ? WASI_DIRECTORY : WASI_REGULAR_FILE, &facts);
    return WASI_SUCCESS;
}

WASI(path_filestat_set_times)(uint32_t fd,
                              uint32_t lookup,
                              wasi_address path,
                              uint32_t bytes,
                              int64_t accessed,
                              int64_t modified,
                              uint32_t flags) {
    struct tessera_wasi_resolved at;
    wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    const struct tessera_wasi_directory* in = at.directory->is->directory;
    struct tessera_wasi_facts facts;
    const int32_t status = in->facts(at.directory, at.path, (lookup & WASI_FOLLOW) != 0, &facts);
    if (status != TESSERA_STATUS_OK) {
        return tessera_wasi_error(status);
    }
    error = tessera_wasi_times(flags, &facts, &accessed, &modified);
    return error != WASI_SUCCESS ? error : tessera_wasi_error(in->set_times(at.directory, at.path, accessed, modified));
}

WASI(path_create_directory)(uint32_t fd, wasi_address path, uint32_t bytes) {
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (at.path.bytes == 0) {
        return WASI_EXIST;
    }
    descriptor made;
    const int32_t status = at.directory->is->directory->open_directory(at.directory, at.path, true, &made);
    if (status == TESSERA_STATUS_OK) {
        made.is->release(&made);
    }
    return tessera_wasi_error(status);
}

static wasi_errno remove_one(uint32_t fd, wasi_address path, uint32_t bytes, bool is_directory) {
    struct tessera_wasi_resolved at;
    const wasi_errno error = tessera_wasi_resolve(fd, path, bytes, &at);
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (at.path.bytes == 0 || (at.wants_directory && !is_directory)) {
        return is_directory ? WASI_INVAL : WASI_ISDIR;
    }
    return tessera_wasi_error(at.directory->is->directory->remove(at.directory, at.path, is_directory));
}
WASI(path_unlink_file)(uint32_t fd, wasi_address path, uint32_t bytes) { return remove_one(fd, path, bytes, false); }
WASI(path_remove_directory)(uint32_t fd, wasi_address path, uint32_t bytes) {
    return remove_one(fd, path, bytes, true);
}
