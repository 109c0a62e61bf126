// Files in the program's own memory: what it creates below / goes away with it. A program that opens files by name gets
// them (safeir/lower/program/linker.cpp); the directories that it was granted stay the kernel's, and take precedence.
// These functions stand in the place of WASI's imports; descriptors from kRoot on are ours.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc.h>

enum {
    kRoot = 1 << 20,
    kOpenMax = 256,
    kNameMax = 1024,
    kSystemMax = 64,  // descriptors of the kernel's that a file of ours can stand for (freopen, dup2)
};

struct File {
    struct File* next;
    char* name;  // from the root, without a slash at either end; null once removed
    uint8_t* bytes;
    size_t size, room;
    unsigned opened;
    bool is_folder;
    uint64_t number;
};

struct Open {
    struct File* file;
    uint64_t at;
    uint64_t rights;
    bool append;
};

static struct File root = {.name = "", .is_folder = true, .opened = 1, .number = 1};
static struct File* files = &root;
static struct Open table[kOpenMax] = {{.file = &root}};
static int stands_for[kSystemMax];  // kRoot + i, or 0
static uint64_t numbers = 1;

#define SYSTEM(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) int32_t system_##name
#define REPLACE(name) int32_t __imported_wasi_snapshot_preview1_##name

static struct Open* ours(int32_t fd) {
    if (fd >= 0 && fd < kSystemMax && stands_for[fd] != 0) {
        fd = stands_for[fd];
    }
    return fd >= kRoot && fd < kRoot + kOpenMax && table[fd - kRoot].file != NULL ? &table[fd - kRoot] : NULL;
}

static void drop(struct File* file) {
    if (file->name != NULL || file->opened != 0) {
        return;
    }
    for (struct File** at = &files; *at != NULL; at = &(*at)->next) {
        if (*at == file) {
            *at = file->next;
            break;
        }
    }
    free(file->bytes);
    free(file);
}

static void close_one(struct Open* open) {
    struct File* file = open->file;
    open->file = NULL;
    --file->opened;
    drop(file);
}

static struct File* find(const char* name) {
    for (struct File* file = files; file != NULL; file = file->next) {
        if (file->name != NULL && strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

// The path below the folder, without "." and ".." parts, from the root.
static int32_t resolve(int32_t fd, const char* path, size_t length, char* name) {
    const struct Open* folder = ours(fd);
    if (folder == NULL || !folder->file->is_folder || folder->file->name == NULL) {
        return __WASI_ERRNO_NOTDIR;
    }
    strcpy(name, folder->file->name);
    size_t used = strlen(name);
    for (size_t i = 0; i < length;) {
        size_t part = 0;
        while (i + part < length && path[i + part] != '/') {
            ++part;
        }
        if (part == 2 && path[i] == '.' && path[i + 1] == '.') {
            while (used > 0 && name[--used] != '/') {
            }
        } else if (part != 0 && !(part == 1 && path[i] == '.')) {
            if (used + part + 2 > kNameMax) {
                return __WASI_ERRNO_NAMETOOLONG;
            }
            if (used != 0) {
                name[used++] = '/';
            }
            memcpy(name + used, path + i, part);
            used += part;
        }
        name[used] = '\0';
        i += part + 1;
    }
    return 0;
}

static bool has_parent(const char* name) {
    char parent[kNameMax];
    strcpy(parent, name);
    char* slash = strrchr(parent, '/');
    *(slash != NULL ? slash : parent) = '\0';
    const struct File* file = find(parent);
    return file != NULL && file->is_folder;
}

static int32_t create(const char* name, bool is_folder, struct File** made) {
    if (!has_parent(name)) {
        return __WASI_ERRNO_NOENT;
    }
    struct File* file = calloc(1, sizeof *file);
    char* copy = strdup(name);
    if (file == NULL || copy == NULL) {
        free(file), free(copy);
        return __WASI_ERRNO_NOMEM;
    }
    *file = (struct File){.next = files, .name = copy, .is_folder = is_folder, .number = ++numbers};
    files = file;
    *made = file;
    return 0;
}

static int32_t resize(struct File* file, uint64_t size) {
    if (size > file->room) {
        uint64_t room = file->room * 2 > size ? file->room * 2 : size + 256;
        uint8_t* bytes = room < INT32_MAX ? realloc(file->bytes, room) : NULL;
        if (bytes == NULL) {
            return __WASI_ERRNO_NOSPC;
        }
        file->bytes = bytes, file->room = room;
    }
    if (size > file->size) {
        memset(file->bytes + file->size, 0, size - file->size);
    }
    file->size = size;
    return 0;
}

static int32_t read_at(struct Open* open, int32_t vectors, int32_t count, uint64_t at, int32_t result) {
    if (open->file->is_folder || (open->rights & __WASI_RIGHTS_FD_READ) == 0) {
        return open->file->is_folder ? __WASI_ERRNO_ISDIR : __WASI_ERRNO_BADF;
    }
    const __wasi_iovec_t* vector = (const __wasi_iovec_t*)vectors;
    size_t done = 0;
    for (int32_t i = 0; i < count && at + done < open->file->size; ++i) {
        const size_t left = open->file->size - (at + done);
        const size_t part = vector[i].buf_len < left ? vector[i].buf_len : left;
        memcpy(vector[i].buf, open->file->bytes + at + done, part);
        done += part;
    }
    *(__wasi_size_t*)result = done;
    return 0;
}

static int32_t write_at(struct Open* open, int32_t vectors, int32_t count, uint64_t at, int32_t result) {
    if (open->file->is_folder || (open->rights & __WASI_RIGHTS_FD_WRITE) == 0) {
        return __WASI_ERRNO_BADF;
    }
    const __wasi_ciovec_t* vector = (const __wasi_ciovec_t*)vectors;
    size_t done = 0;
    for (int32_t i = 0; i < count; ++i) {
        const uint64_t end = at + done + vector[i].buf_len;
        if (end > open->file->size) {
            const int32_t status = resize(open->file, end);
            if (status != 0) {
                return status;
            }
        }
        memcpy(open->file->bytes + at + done, vector[i].buf, vector[i].buf_len);
        done += vector[i].buf_len;
    }
    *(__wasi_size_t*)result = done;
    return 0;
}

static __wasi_filetype_t type_of(const struct File* file) {
    return file->is_folder ? __WASI_FILETYPE_DIRECTORY : __WASI_FILETYPE_REGULAR_FILE;
}

static int32_t describe(const struct File* file, int32_t result) {
    *(__wasi_filestat_t*)result = (__wasi_filestat_t){
        .dev = kRoot, .ino = file->number, .filetype = type_of(file), .nlink = file->name != NULL, .size = file->size};
    return 0;
}

SYSTEM(path_open)(int32_t, int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t, int32_t);
REPLACE(path_open)
(int32_t fd,
 int32_t look,
 int32_t path,
 int32_t length,
 int32_t how,
 int64_t rights,
 int64_t inherited,
 int32_t flags,
 int32_t result) {
    if (ours(fd) == NULL) {
        return system_path_open(fd, look, path, length, how, rights, inherited, flags, result);
    }
    char name[kNameMax];
    int32_t status = resolve(fd, (const char*)path, (size_t)length, name);
    if (status != 0) {
        return status;
    }
    struct File* file = find(name);
    if (file != NULL && (how & __WASI_OFLAGS_CREAT) != 0 && (how & __WASI_OFLAGS_EXCL) != 0) {
        return __WASI_ERRNO_EXIST;
    }
    if (file != NULL && (how & __WASI_OFLAGS_DIRECTORY) != 0 && !file->is_folder) {
        return __WASI_ERRNO_NOTDIR;
    }
    if (file != NULL && file->is_folder && (rights & (int64_t)__WASI_RIGHTS_FD_WRITE) != 0) {
        return __WASI_ERRNO_ISDIR;
    }
    int free_slot = 0;
    while (free_slot < kOpenMax && table[free_slot].file != NULL) {
        ++free_slot;
    }
    if (free_slot == kOpenMax) {
        return __WASI_ERRNO_MFILE;
    }
    if (file == NULL) {
        status = (how & __WASI_OFLAGS_CREAT) != 0 ? create(name, false, &file) : __WASI_ERRNO_NOENT;
    } else if ((how & __WASI_OFLAGS_TRUNC) != 0) {
        status = resize(file, 0);
    }
    if (status != 0) {
        return status;
    }
    ++file->opened;
    table[free_slot] =
        (struct Open){.file = file, .rights = (uint64_t)rights, .append = (flags & __WASI_FDFLAGS_APPEND) != 0};
    *(int32_t*)result = kRoot + free_slot;
    return 0;
}

SYSTEM(fd_close)(int32_t);
REPLACE(fd_close)(int32_t fd) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_close(fd);
    }
    if (fd < kSystemMax) {
        stands_for[fd] = 0;
    }
    close_one(open);
    return 0;
}

SYSTEM(fd_renumber)(int32_t, int32_t);
REPLACE(fd_renumber)(int32_t from, int32_t to) {
    struct Open* source = ours(from);
    struct Open* target = ours(to);
    if (source == NULL && target == NULL) {
        return system_fd_renumber(from, to);
    }
    if (source == NULL || (target == NULL && (to < 0 || to >= kSystemMax))) {
        return __WASI_ERRNO_NOTSUP;
    }
    if (target == source) {
        return 0;
    }
    if (target != NULL) {
        close_one(target);
        *target = *source;
    } else {
        // The kernel's descriptor stays open behind ours.
        stands_for[to] = from < kSystemMax ? stands_for[from] : from;
        if (from < kSystemMax) {
            stands_for[from] = 0;
        }
        return 0;
    }
    source->file = NULL;
    return 0;
}

SYSTEM(fd_read)(int32_t, int32_t, int32_t, int32_t);
REPLACE(fd_read)(int32_t fd, int32_t vectors, int32_t count, int32_t result) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_read(fd, vectors, count, result);
    }
    const int32_t status = read_at(open, vectors, count, open->at, result);
    open->at += status == 0 ? *(__wasi_size_t*)result : 0;
    return status;
}

SYSTEM(fd_pread)(int32_t, int32_t, int32_t, int64_t, int32_t);
REPLACE(fd_pread)(int32_t fd, int32_t vectors, int32_t count, int64_t at, int32_t result) {
    struct Open* open = ours(fd);
    return open == NULL ? system_fd_pread(fd, vectors, count, at, result)
                        : read_at(open, vectors, count, (uint64_t)at, result);
}

SYSTEM(fd_write)(int32_t, int32_t, int32_t, int32_t);
REPLACE(fd_write)(int32_t fd, int32_t vectors, int32_t count, int32_t result) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_write(fd, vectors, count, result);
    }
    open->at = open->append ? open->file->size : open->at;
    const int32_t status = write_at(open, vectors, count, open->at, result);
    open->at += status == 0 ? *(__wasi_size_t*)result : 0;
    return status;
}

SYSTEM(fd_pwrite)(int32_t, int32_t, int32_t, int64_t, int32_t);
REPLACE(fd_pwrite)(int32_t fd, int32_t vectors, int32_t count, int64_t at, int32_t result) {
    struct Open* open = ours(fd);
    return open == NULL ? system_fd_pwrite(fd, vectors, count, at, result)
                        : write_at(open, vectors, count, (uint64_t)at, result);
}

SYSTEM(fd_seek)(int32_t, int64_t, int32_t, int32_t);
REPLACE(fd_seek)(int32_t fd, int64_t by, int32_t from, int32_t result) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_seek(fd, by, from, result);
    }
    const int64_t base = from == __WASI_WHENCE_SET   ? 0
                         : from == __WASI_WHENCE_CUR ? (int64_t)open->at
                                                     : (int64_t)open->file->size;
    if (open->file->is_folder || base + by < 0) {
        return __WASI_ERRNO_INVAL;
    }
    open->at = (uint64_t)(base + by);
    *(uint64_t*)result = open->at;
    return 0;
}

SYSTEM(fd_tell)(int32_t, int32_t);
REPLACE(fd_tell)(int32_t fd, int32_t result) {
    const struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_tell(fd, result);
    }
    *(uint64_t*)result = open->at;
    return 0;
}

SYSTEM(fd_fdstat_get)(int32_t, int32_t);
REPLACE(fd_fdstat_get)(int32_t fd, int32_t result) {
    const struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_fdstat_get(fd, result);
    }
    *(__wasi_fdstat_t*)result = (__wasi_fdstat_t){.fs_filetype = type_of(open->file),
                                                  .fs_flags = open->append ? __WASI_FDFLAGS_APPEND : 0,
                                                  .fs_rights_base = open->file->is_folder ? ~0ULL : open->rights,
                                                  .fs_rights_inheriting = ~0ULL};
    return 0;
}

SYSTEM(fd_fdstat_set_flags)(int32_t, int32_t);
REPLACE(fd_fdstat_set_flags)(int32_t fd, int32_t flags) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_fdstat_set_flags(fd, flags);
    }
    open->append = (flags & __WASI_FDFLAGS_APPEND) != 0;
    return 0;
}

SYSTEM(fd_filestat_get)(int32_t, int32_t);
REPLACE(fd_filestat_get)(int32_t fd, int32_t result) {
    const struct Open* open = ours(fd);
    return open == NULL ? system_fd_filestat_get(fd, result) : describe(open->file, result);
}

SYSTEM(fd_filestat_set_size)(int32_t, int64_t);
REPLACE(fd_filestat_set_size)(int32_t fd, int64_t size) {
    struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_filestat_set_size(fd, size);
    }
    const bool writable = !open->file->is_folder && (open->rights & __WASI_RIGHTS_FD_WRITE) != 0;
    return writable && size >= 0 ? resize(open->file, (uint64_t)size) : __WASI_ERRNO_INVAL;
}

SYSTEM(fd_sync)(int32_t);
REPLACE(fd_sync)(int32_t fd) { return ours(fd) == NULL ? system_fd_sync(fd) : 0; }
SYSTEM(fd_datasync)(int32_t);
REPLACE(fd_datasync)(int32_t fd) { return ours(fd) == NULL ? system_fd_datasync(fd) : 0; }

// The entries of a folder, from the cookie on, as many as there is room for; the last one may be cut off.
SYSTEM(fd_readdir)(int32_t, int32_t, int32_t, int64_t, int32_t);
REPLACE(fd_readdir)(int32_t fd, int32_t buffer, int32_t room, int64_t cookie, int32_t result) {
    const struct Open* open = ours(fd);
    if (open == NULL) {
        return system_fd_readdir(fd, buffer, room, cookie, result);
    }
    if (!open->file->is_folder || open->file->name == NULL) {
        return __WASI_ERRNO_NOTDIR;
    }
    const size_t prefix = strlen(open->file->name);
    size_t used = 0;
    int64_t index = 0;
    for (const struct File* file = files; file != NULL && used < (size_t)room; file = file->next) {
        if (file->name == NULL || file == open->file || strncmp(file->name, open->file->name, prefix) != 0 ||
            (prefix != 0 && file->name[prefix] != '/')) {
            continue;
        }
        const char* name = file->name + prefix + (prefix != 0);
        if (strchr(name, '/') != NULL || index++ < cookie) {
            continue;
        }
        const __wasi_dirent_t entry = {
            .d_next = (uint64_t)index, .d_ino = file->number, .d_namlen = strlen(name), .d_type = type_of(file)};
        const void* parts[] = {&entry, name};
        const size_t sizes[] = {sizeof entry, strlen(name)};
        for (int i = 0; i < 2; ++i) {
            const size_t left = (size_t)room - used;
            const size_t part = sizes[i] < left ? sizes[i] : left;
            memcpy((char*)buffer + used, parts[i], part);
            used += part;
        }
    }
    *(__wasi_size_t*)result = used;
    return 0;
}

SYSTEM(path_filestat_get)(int32_t, int32_t, int32_t, int32_t, int32_t);
REPLACE(path_filestat_get)(int32_t fd, int32_t look, int32_t path, int32_t length, int32_t result) {
    if (ours(fd) == NULL) {
        return system_path_filestat_get(fd, look, path, length, result);
    }
    char name[kNameMax];
    const int32_t status = resolve(fd, (const char*)path, (size_t)length, name);
    const struct File* file = status == 0 ? find(name) : NULL;
    return file != NULL ? describe(file, result) : (status != 0 ? status : __WASI_ERRNO_NOENT);
}

SYSTEM(path_create_directory)(int32_t, int32_t, int32_t);
REPLACE(path_create_directory)(int32_t fd, int32_t path, int32_t length) {
    if (ours(fd) == NULL) {
        return system_path_create_directory(fd, path, length);
    }
    char name[kNameMax];
    const int32_t status = resolve(fd, (const char*)path, (size_t)length, name);
    struct File* made = NULL;
    return status != 0 ? status : (find(name) != NULL ? __WASI_ERRNO_EXIST : create(name, true, &made));
}

static bool is_empty(const struct File* folder) {
    const size_t prefix = strlen(folder->name);
    for (const struct File* file = files; file != NULL; file = file->next) {
        if (file->name != NULL && strncmp(file->name, folder->name, prefix) == 0 && file->name[prefix] == '/') {
            return false;
        }
    }
    return true;
}

static int32_t remove_one(int32_t fd, int32_t path, int32_t length, bool is_folder) {
    char name[kNameMax];
    const int32_t status = resolve(fd, (const char*)path, (size_t)length, name);
    struct File* file = status == 0 ? find(name) : NULL;
    if (file == NULL) {
        return status != 0 ? status : __WASI_ERRNO_NOENT;
    }
    if (file->is_folder != is_folder) {
        return is_folder ? __WASI_ERRNO_NOTDIR : __WASI_ERRNO_ISDIR;
    }
    if (file == &root || (is_folder && !is_empty(file))) {
        return __WASI_ERRNO_NOTEMPTY;
    }
    free(file->name);
    file->name = NULL;
    drop(file);
    return 0;
}

SYSTEM(path_unlink_file)(int32_t, int32_t, int32_t);
REPLACE(path_unlink_file)(int32_t fd, int32_t path, int32_t length) {
    return ours(fd) == NULL ? system_path_unlink_file(fd, path, length) : remove_one(fd, path, length, false);
}
SYSTEM(path_remove_directory)(int32_t, int32_t, int32_t);
REPLACE(path_remove_directory)(int32_t fd, int32_t path, int32_t length) {
    return ours(fd) == NULL ? system_path_remove_directory(fd, path, length) : remove_one(fd, path, length, true);
}

SYSTEM(path_rename)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t);
REPLACE(path_rename)
(int32_t from, int32_t old_path, int32_t old_length, int32_t to, int32_t new_path, int32_t new_length) {
    if (ours(from) == NULL && ours(to) == NULL) {
        return system_path_rename(from, old_path, old_length, to, new_path, new_length);
    }
    if (ours(from) == NULL || ours(to) == NULL) {
        return __WASI_ERRNO_XDEV;
    }
    char old_name[kNameMax], new_name[kNameMax];
    int32_t status = resolve(from, (const char*)old_path, (size_t)old_length, old_name);
    status = status != 0 ? status : resolve(to, (const char*)new_path, (size_t)new_length, new_name);
    struct File* file = status == 0 ? find(old_name) : NULL;
    if (file == NULL || !has_parent(new_name)) {
        return status != 0 ? status : __WASI_ERRNO_NOENT;
    }
    if (file->is_folder && !is_empty(file)) {
        return __WASI_ERRNO_NOTSUP;  // its files would have to be renamed with it
    }
    struct File* replaced = find(new_name);
    if (replaced == file) {
        return 0;
    }
    if (replaced != NULL && (status = remove_one(to, new_path, new_length, file->is_folder)) != 0) {
        return status;
    }
    char* copy = strdup(new_name);
    if (copy == NULL) {
        return __WASI_ERRNO_NOMEM;
    }
    free(file->name);
    file->name = copy;
    return 0;
}

// The C library takes an empty path for the root, but it names nothing. It asks here before it looks for the directory
// that a path begins with. Weak: `chdir` brings a definition of its own.
__attribute__((weak)) int
__wasilibc_find_relpath_alloc(const char* path, const char** prefix, char** relative, size_t* room, int may_grow) {
    (void)room, (void)may_grow;
    return *path == '\0' ? -1 : __wasilibc_find_abspath(path, prefix, (const char**)relative);
}

// After the directories that the kernel grants (preopens.c of the C library: 51). One of them may be / itself.
__attribute__((constructor(52))) static void offer_root(void) {
    const char* prefix = NULL;
    const char* relative = NULL;
    struct File* made = NULL;
    if (__wasilibc_find_abspath("x", &prefix, &relative) < 0) {
        (void)__wasilibc_register_preopened_fd(kRoot, "/");
        (void)create("tmp", true, &made);
    }
}
