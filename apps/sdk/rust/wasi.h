// WASI for code with 64-bit pointers: an address goes out as its low 32 bits, which are all that count.
#ifndef TESSERA_RUST_WASI_H
#define TESSERA_RUST_WASI_H

#include <stdint.h>

typedef uint32_t wasi_address;

#define WASI(result, name, ...)                                                                                        \
    result wasi_##name(__VA_ARGS__) __asm__("__imported_wasi_snapshot_preview1_" #name)                                \
        __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
WASI(uint32_t, args_sizes_get, wasi_address count, wasi_address bytes);
WASI(uint32_t, args_get, wasi_address pointers, wasi_address text);
WASI(uint32_t, environ_sizes_get, wasi_address count, wasi_address bytes);
WASI(uint32_t, environ_get, wasi_address pointers, wasi_address text);
WASI(uint32_t, clock_time_get, uint32_t clock, uint64_t precision, wasi_address time);
WASI(uint32_t, random_get, wasi_address into, uint32_t bytes);
WASI(uint32_t, poll_oneoff, wasi_address in, wasi_address out, uint32_t count, wasi_address events);
WASI(_Noreturn void, proc_exit, uint32_t status);
WASI(uint32_t, fd_read, uint32_t fd, wasi_address parts, uint32_t count, wasi_address done);
WASI(uint32_t, fd_write, uint32_t fd, wasi_address parts, uint32_t count, wasi_address done);
WASI(uint32_t, fd_seek, uint32_t fd, int64_t by, uint32_t whence, wasi_address at);
WASI(uint32_t, fd_close, uint32_t fd);
WASI(uint32_t, fd_filestat_get, uint32_t fd, wasi_address status);
WASI(uint32_t, fd_prestat_get, uint32_t fd, wasi_address prestat);
WASI(uint32_t, fd_prestat_dir_name, uint32_t fd, wasi_address name, uint32_t bytes);
WASI(uint32_t,
     path_open,
     uint32_t folder,
     uint32_t lookup,
     wasi_address path,
     uint32_t bytes,
     uint32_t how,
     uint64_t rights,
     uint64_t inherited,
     uint32_t flags,
     wasi_address fd);
WASI(uint32_t,
     path_filestat_get,
     uint32_t folder,
     uint32_t lookup,
     wasi_address path,
     uint32_t bytes,
     wasi_address status);
WASI(uint32_t, path_create_directory, uint32_t folder, wasi_address path, uint32_t bytes);
WASI(uint32_t, path_unlink_file, uint32_t folder, wasi_address path, uint32_t bytes);
WASI(uint32_t, path_remove_directory, uint32_t folder, wasi_address path, uint32_t bytes);
WASI(uint32_t,
     path_rename,
     uint32_t folder,
     wasi_address path,
     uint32_t bytes,
     uint32_t new_folder,
     wasi_address new_path,
     uint32_t new_bytes);
WASI(uint32_t, fd_pread, uint32_t fd, wasi_address parts, uint32_t count, uint64_t at, wasi_address done);
WASI(uint32_t, fd_pwrite, uint32_t fd, wasi_address parts, uint32_t count, uint64_t at, wasi_address done);
WASI(uint32_t, fd_filestat_set_size, uint32_t fd, uint64_t bytes);
WASI(uint32_t, fd_sync, uint32_t fd);
WASI(uint32_t, fd_readdir, uint32_t fd, wasi_address into, uint32_t room, uint64_t cookie, wasi_address done);
#undef WASI

// The granted folder that a path is in, the longest name first, and the rest of the path; -1: none, and errno says so.
int tessera_folder_of(const char* path, const char** rest);

static inline wasi_address at(const void* pointer) { return (wasi_address)(uintptr_t)pointer; }

// Sets errno, in Linux's numbers, from WASI's; -1.
int64_t tessera_failed(uint32_t wasi_error);

enum {
    LINUX_ENOENT = 2,
    LINUX_EINTR = 4,
    LINUX_EBADF = 9,
    LINUX_EAGAIN = 11,
    LINUX_ENOMEM = 12,
    LINUX_EINVAL = 22,
    LINUX_ENOTTY = 25,
    LINUX_ENOSYS = 38,
    LINUX_ETIMEDOUT = 110
};
int64_t tessera_refused(int linux_error);  // sets errno; -1

#endif
