// The C library's calls on files that Rust's std makes on x86-64 Linux, over WASI. Structures are as glibc has them.
#include "wasi.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_FOLDER = 3, FOLDERS_MAX = 64, PART_MAX = 1 << 20 };

struct part {
    uint32_t start, bytes;
};

static uint32_t part_size(uint64_t bytes) { return bytes > PART_MAX ? PART_MAX : (uint32_t)bytes; }

int64_t read(int fd, void* into, uint64_t bytes) {
    const struct part one = {at(into), part_size(bytes)};
    uint32_t done = 0;
    const uint32_t error = wasi_fd_read((uint32_t)fd, at(&one), 1, at(&done));
    return error != 0 ? tessera_failed(error) : done;
}

int64_t write(int fd, const void* from, uint64_t bytes) {
    const struct part one = {at(from), part_size(bytes)};
    uint32_t done = 0;
    const uint32_t error = wasi_fd_write((uint32_t)fd, at(&one), 1, at(&done));
    return error != 0 ? tessera_failed(error) : done;
}

struct wide_part {
    uint64_t start, bytes;
};

int64_t readv(int fd, const struct wide_part* parts, int count) {
    return count > 0 ? read(fd, (void*)parts->start, parts->bytes) : 0;
}

int64_t writev(int fd, const struct wide_part* parts, int count) {
    int64_t total = 0;
    for (int i = 0; i < count; ++i) {
        const int64_t done = write(fd, (const void*)parts[i].start, parts[i].bytes);
        if (done < 0) {
            return total != 0 ? total : -1;
        }
        total += done;
        if ((uint64_t)done < parts[i].bytes) {
            break;
        }
    }
    return total;
}

int64_t lseek64(int fd, int64_t by, int whence) {
    uint64_t now = 0;
    const uint32_t error = wasi_fd_seek((uint32_t)fd, by, (uint32_t)whence, at(&now));
    return error != 0 ? tessera_failed(error) : (int64_t)now;
}

int64_t pread64(int fd, void* into, uint64_t bytes, int64_t position) {
    const struct part one = {at(into), part_size(bytes)};
    uint32_t done = 0;
    const uint32_t error = wasi_fd_pread((uint32_t)fd, at(&one), 1, (uint64_t)position, at(&done));
    return error != 0 ? tessera_failed(error) : done;
}

int64_t pwrite64(int fd, const void* from, uint64_t bytes, int64_t position) {
    const struct part one = {at(from), part_size(bytes)};
    uint32_t done = 0;
    const uint32_t error = wasi_fd_pwrite((uint32_t)fd, at(&one), 1, (uint64_t)position, at(&done));
    return error != 0 ? tessera_failed(error) : done;
}

int ftruncate64(int fd, int64_t bytes) {
    const uint32_t error = wasi_fd_filestat_set_size((uint32_t)fd, (uint64_t)bytes);
    return error != 0 ? (int)tessera_failed(error) : 0;
}

int fsync(int fd) {
    const uint32_t error = wasi_fd_sync((uint32_t)fd);
    return error != 0 ? (int)tessera_failed(error) : 0;
}
int fdatasync(int fd) { return fsync(fd); }

int close(int fd) {
    const uint32_t error = wasi_fd_close((uint32_t)fd);
    return error != 0 ? (int)tessera_failed(error) : 0;
}

int tessera_folder_of(const char* path, const char** rest) {
    int found = -1;
    uint64_t longest = 0;
    for (uint32_t fd = FIRST_FOLDER; fd < FIRST_FOLDER + FOLDERS_MAX; ++fd) {
        uint32_t prestat[2];
        char name[256];
        if (wasi_fd_prestat_get(fd, at(prestat)) != 0) {
            break;
        }
        const uint32_t bytes = prestat[1];
        if (bytes >= sizeof name || wasi_fd_prestat_dir_name(fd, at(name), bytes) != 0) {
            continue;
        }
        name[bytes] = '\0';
        const uint64_t length = strlen(name);
        const int is_root = length == 1 && name[0] == '/';
        const int inside = is_root ? path[0] != '\0'
                                   : strncmp(path, name, length) == 0 && (path[length] == '/' || path[length] == '\0');
        if (inside && length >= longest) {
            found = (int)fd;
            longest = length;
        }
    }
    if (found >= 0) {
        path += path[0] == '/' ? longest : 0;
        path += strspn(path, "/");
        *rest = *path == '\0' ? "." : path;
        return found;
    }
    return (int)tessera_refused(LINUX_ENOENT);
}

int open64(const char* path, int flags, int mode) {
    (void)mode;
    enum {
        ACCESS = 3,
        READ_WRITE = 2,
        CREATE = 0100,
        EXCLUSIVE = 0200,
        TRUNCATE = 01000,
        APPEND = 02000,
        DIRECTORY = 0200000
    };
    const char* rest = NULL;
    const int folder = tessera_folder_of(path, &rest);
    if (folder < 0) {
        return -1;
    }
    const uint32_t how = ((flags & CREATE) != 0 ? 1U : 0) | ((flags & DIRECTORY) != 0 ? 2U : 0) |
                         ((flags & EXCLUSIVE) != 0 ? 4U : 0) | ((flags & TRUNCATE) != 0 ? 8U : 0);
    enum { READ = 2, SEEK = 4, TELL = 32, WRITE = 64, READ_DIRECTORY = 1 << 14, STATUS = 1 << 21 };
    uint64_t rights = SEEK | TELL | STATUS;
    rights |= (flags & ACCESS) != 1 ? READ : 0;
    rights |= (flags & ACCESS) != 0 ? WRITE : 0;
    const uint32_t appends = (flags & APPEND) != 0 ? 1 : 0;
    uint32_t fd = 0;
    const uint32_t error =
        wasi_path_open((uint32_t)folder, 1, at(rest), (uint32_t)strlen(rest), how, rights, 0, appends, at(&fd));
    return error != 0 ? (int)tessera_failed(error) : (int)fd;
}

struct wasi_status {
    uint64_t device, inode;
    uint8_t type;
    uint64_t links, bytes, accessed, modified, changed;
};

struct linux_time {
    int64_t seconds, nanoseconds;
};

struct linux_status {
    uint64_t device, inode, links;
    uint32_t mode, user, group, padding;
    uint64_t special;
    int64_t bytes, block_bytes, blocks;
    struct linux_time accessed, modified, changed;
    int64_t unused[3];
};

static struct linux_time linux_time(uint64_t nanoseconds) {
    return (struct linux_time){(int64_t)(nanoseconds / 1000000000), (int64_t)(nanoseconds % 1000000000)};
}

static int fill(struct linux_status* to, const struct wasi_status* from, uint32_t error) {
    if (error != 0) {
        return (int)tessera_failed(error);
    }
    enum { DEVICE = 2, FOLDER = 3 };
    memset(to, 0, sizeof *to);
    to->device = from->device;
    to->inode = from->inode;
    to->links = from->links;
    to->mode = from->type == FOLDER ? 0040755U : from->type == DEVICE ? 0020666U : 0100644U;
    to->bytes = (int64_t)from->bytes;
    to->block_bytes = 4096;
    to->blocks = (to->bytes + 511) / 512;
    to->accessed = linux_time(from->accessed);
    to->modified = linux_time(from->modified);
    to->changed = linux_time(from->changed);
    return 0;
}

int fstat64(int fd, struct linux_status* status) {
    struct wasi_status found;
    return fill(status, &found, wasi_fd_filestat_get((uint32_t)fd, at(&found)));
}

int stat64(const char* path, struct linux_status* status) {
    const char* rest = NULL;
    const int folder = tessera_folder_of(path, &rest);
    if (folder < 0) {
        return -1;
    }
    struct wasi_status found;
    return fill(
        status, &found, wasi_path_filestat_get((uint32_t)folder, 1, at(rest), (uint32_t)strlen(rest), at(&found)));
}
int lstat64(const char* path, struct linux_status* status) { return stat64(path, status); }

int fstatat64(int folder, const char* path, struct linux_status* status, int flags) {
    (void)flags;
    struct wasi_status found;
    return fill(
        status, &found, wasi_path_filestat_get((uint32_t)folder, 1, at(path), (uint32_t)strlen(path), at(&found)));
}

// std asks for this first, and takes the older calls where it is missing.
int statx(int folder, const char* path, int flags, unsigned mask, void* status) {
    (void)folder, (void)path, (void)flags, (void)mask, (void)status;
    return (int)tessera_refused(LINUX_ENOSYS);
}

char* getcwd(char* into, uint64_t bytes) {
    if (bytes < 2) {
        return tessera_refused(34), NULL;
    }
    into[0] = '/';
    into[1] = '\0';
    return into;
}

char* realpath(const char* path, char* into) {
    char* copy = into != NULL ? into : malloc(strlen(path) + 1);
    return copy != NULL ? strcpy(copy, path) : NULL;
}

int64_t readlink(const char* path, char* into, uint64_t bytes) {
    (void)path, (void)into, (void)bytes;
    return tessera_refused(LINUX_EINVAL);
}
int isatty(int fd) { return fd >= 0 && fd <= 2; }
int fcntl(int fd, int command, uint64_t argument) {
    (void)command, (void)argument;
    return fd >= 0 ? 0 : (int)tessera_refused(LINUX_EBADF);
}
int ioctl(int fd, uint64_t request, uint64_t argument) {
    (void)fd, (void)request, (void)argument;
    return (int)tessera_refused(LINUX_ENOTTY);
}
int dup(int fd) {
    (void)fd;
    return (int)tessera_refused(LINUX_ENOSYS);
}
// Asked at the start whether descriptors 0 to 2 are open: they are what was granted.
int poll(void* list, uint64_t count, int timeout) {
    (void)list, (void)count, (void)timeout;
    return 0;
}
