// Numbers of files: several for one, pipes, and locks, which nobody else could hold.
#define _GNU_SOURCE
#include "../wasi/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>
#include <wasi/api.h>

static int failed(int error) {
    errno = error;
    return -1;
}
static int is_open(int file) { return tessera_wasi_get((uint32_t)file) != NULL; }

static int duplicate(int file, int from) {
    if (!is_open(file)) {
        return failed(EBADF);
    }
    const uint32_t other = tessera_wasi_duplicate((uint32_t)file, (uint32_t)from);
    return other != UINT32_MAX ? (int)other : failed(EMFILE);
}

int dup(int file) { return duplicate(file, 0); }
int dup2(int file, int to) {
    return is_open(file) && to >= 0 && tessera_wasi_duplicate_as((uint32_t)file, (uint32_t)to) ? to : failed(EBADF);
}
int dup3(int file, int to, int flags) {
    (void)flags;
    return file == to ? failed(EINVAL) : dup2(file, to);
}

int pipe2(int ends[2], int flags) {
    (void)flags;
    uint32_t made[2];
    if (!tessera_wasi_pipe(made)) {
        return failed(EMFILE);
    }
    ends[0] = (int)made[0];
    ends[1] = (int)made[1];
    return 0;
}
int pipe(int ends[2]) { return pipe2(ends, 0); }

int flock(int file, int how) {
    (void)how;
    return is_open(file) ? 0 : failed(EBADF);
}
int lockf(int file, int how, off_t bytes) {
    (void)how, (void)bytes;
    return is_open(file) ? 0 : failed(EBADF);
}

static int flags_of(int file) {
    __wasi_fdstat_t state;
    const __wasi_errno_t error = __wasi_fd_fdstat_get(file, &state);
    if (error != 0) {
        return failed(error);
    }
    const int reads = (state.fs_rights_base & (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR)) != 0;
    const int writes = (state.fs_rights_base & __WASI_RIGHTS_FD_WRITE) != 0;
    return state.fs_flags | (reads ? O_RDONLY : 0) | (writes ? O_WRONLY : 0) | (!reads && !writes ? O_SEARCH : 0);
}

// In place of the C library's, which neither duplicates nor locks.
int fcntl(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    const int value = command == F_GETFD || command == F_GETFL ? 0 : va_arg(arguments, int);
    va_end(arguments);
    if (!is_open(file)) {
        return failed(EBADF);
    }
    switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return value >= 0 ? duplicate(file, value) : failed(EINVAL);
    case F_GETFD:
        return FD_CLOEXEC;  // there is nothing else
    case F_SETFD:
    case F_SETLK:
    case F_SETLKW:
        return 0;
    case F_GETLK:
        ((struct flock*)(uintptr_t)value)->l_type = F_UNLCK;
        return 0;
    case F_GETFL:
        return flags_of(file);
    case F_SETFL: {
        const __wasi_errno_t error = __wasi_fd_fdstat_set_flags(file, (__wasi_fdflags_t)(value & 0xfff));
        return error == 0 ? 0 : failed(error);
    }
    default:
        return failed(EINVAL);
    }
}
