// Directories that are there from the start: those that the program was granted, under the names that they were granted
// by, and its own, which can be written: /, or /tmp where it was granted a / of somebody else's.
#include "grants.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <tessera/directory.tessera.h>

enum { NAME_ROOM = 256 };

static void offer(const struct tessera_wasi_operations* is, uint32_t object, const char* name) {
    const descriptor directory = {.is = is, .object = object, .rights = WASI_RIGHTS_ALL, .granted_as = name};
    (void)tessera_wasi_add(&directory);
}

static char* name_of_grant(uint32_t index) {
    char* name = malloc(NAME_ROOM);
    size_t bytes = 0;
    if (name != NULL && tessera_arguments_grant_name(tessera_wasi_arguments(), index, name, NAME_ROOM - 1, &bytes) ==
                            TESSERA_STATUS_OK) {
        name[bytes] = '\0';
        return name;
    }
    free(name);
    return NULL;
}

static int64_t wall_clock(void) {
    int64_t now = 0;
    return tessera_wasi_wall(&now) ? now : 0;
}

static void offer_own(bool root_is_granted, bool tmp_is_granted) {
    tessera_memory_clock = wall_clock;
    descriptor own = {.is = &tessera_wasi_memory_directory, .object = (uint32_t)(uintptr_t)tessera_memory_root()};
    if (root_is_granted && !tmp_is_granted) {
        offer(own.is, own.object, "/tmp");
    } else if (!root_is_granted) {
        descriptor made;
        if (own.is->directory->open_directory(&own, (struct tessera_wasi_path){"tmp", 3}, true, &made) ==
            TESSERA_STATUS_OK) {
            made.is->release(&made);
        }
        offer(own.is, own.object, "/");
    }
}

void tessera_wasi_preopen(void) {
    static bool is_done;
    if (is_done) {
        return;
    }
    is_done = true;
    uint32_t count = 0;
    (void)tessera_arguments_grants(tessera_wasi_arguments(), &count);
    bool root_is_granted = false;
    bool tmp_is_granted = false;
    bool dev_is_granted = false;
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t interface = 0;
        tessera_object object = {0};
        if (tessera_arguments_grant(tessera_wasi_arguments(), i, &interface, &object) != TESSERA_STATUS_OK) {
            continue;
        }
        char* name = interface == TESSERA_DIRECTORY_ID ? name_of_grant(i) : NULL;
        if (name == NULL) {
            (void)tessera_handle_release(object.handle);
            continue;
        }
        root_is_granted |= strcmp(name, "/") == 0;
        tmp_is_granted |= strcmp(name, "/tmp") == 0;
        dev_is_granted |= strcmp(name, "/dev") == 0;
        offer(&tessera_wasi_remote_directory, object.handle, name);
    }
    offer_own(root_is_granted, tmp_is_granted);
    if (!dev_is_granted) {
        offer(&tessera_wasi_devices, 0, "/dev");
    }
}

WASI(fd_prestat_get)(uint32_t fd, wasi_address result) {
    tessera_wasi_preopen();
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL || open->granted_as == NULL) {
        return WASI_BADF;
    }
    *AT(struct wasi_prestat, result) = (struct wasi_prestat){0, (uint32_t)strlen(open->granted_as)};
    return WASI_SUCCESS;
}

WASI(fd_prestat_dir_name)(uint32_t fd, wasi_address name, uint32_t room) {
    tessera_wasi_preopen();
    const descriptor* open = tessera_wasi_get(fd);
    if (open == NULL || open->granted_as == NULL) {
        return WASI_BADF;
    }
    const size_t bytes = strlen(open->granted_as);
    if (bytes > room) {
        return WASI_NAMETOOLONG;
    }
    memcpy(AT(char, name), open->granted_as, bytes);
    return WASI_SUCCESS;
}

#ifndef __wasm64__  // where there is a C library
#include <wasi/libc-find-relpath.h>
#include <wasi/libc.h>

// The C library takes an empty path for the root, but it names nothing. It asks here before it looks for the directory
// that a path begins with. Weak: `chdir` brings a definition of its own.
__attribute__((weak)) int
__wasilibc_find_relpath_alloc(const char* path, const char** prefix, char** relative, size_t* room, int may_grow) {
    (void)room, (void)may_grow;
    return *path == '\0' ? -1 : __wasilibc_find_abspath(path, prefix, (const char**)relative);
}
#endif
