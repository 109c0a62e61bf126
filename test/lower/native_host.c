// The smallest host that runs a lowered module natively: an arena, the helpers and enough of WASI. For tests only.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

extern const unsigned char image_bytes[];
extern const uint64_t image_info[];  // initial, max, stack_bottom, stack_top, segments, then offset and length of each
void export__start(char* base, uint32_t sp) __attribute__((weak));
int export_tessera_main(char* base, uint32_t sp, ...) __attribute__((weak));

static uint64_t memory_bytes;
static int program_argc;
static char** program_argv;

// ---- helpers ----
#define HELPER(result, name, ...) result h_##name(__VA_ARGS__) __asm__("tessera." #name); result h_##name(__VA_ARGS__)
HELPER(void, memmove, char* base, uint32_t to, uint32_t from, uint32_t n) { memmove(base + to, base + from, n); }
HELPER(void, memset, char* base, uint32_t to, uint32_t byte, uint32_t n) { memset(base + to, (int)byte, n); }
HELPER(uint32_t, memory_size, char* base) { return (uint32_t)(memory_bytes >> 16); }
HELPER(uint32_t, memory_grow, char* base, uint32_t pages) {
    uint32_t old = (uint32_t)(memory_bytes >> 16);
    uint64_t grown = memory_bytes + ((uint64_t)pages << 16);
    if (grown > image_info[1] || mprotect(base, grown, PROT_READ | PROT_WRITE) != 0) {
        return ~0u;
    }
    mprotect(base, image_info[2], PROT_NONE);
    memory_bytes = grown;
    return old;
}
struct try_frame { jmp_buf where; struct try_frame* outer; };
static struct try_frame* innermost;
static uint32_t thrown;
HELPER(uint32_t, try, char* base, void (*fn)(char*, uint32_t, uint32_t), uint32_t a0, uint32_t a1) {
    struct try_frame frame;
    frame.outer = innermost;
    innermost = &frame;
    if (setjmp(frame.where) == 0) {
        fn(base, a0, a1);
        innermost = frame.outer;
        return 0;
    }
    return thrown;
}
HELPER(void, throw, char* base, uint32_t value) {
    struct try_frame* frame = innermost;
    if (frame == NULL) {
        fprintf(stderr, "native_host: thrown and not caught\n");
        exit(134);
    }
    innermost = frame->outer;
    thrown = value ? value : 1;
    longjmp(frame->where, 1);
}
static void* cap_tables[8][1024];
static uint32_t cap_sizes[8];
HELPER(void*, cap_null, char* base) { return NULL; }
HELPER(uint32_t, cap_is_null, char* base, void* cap) { return cap == NULL; }
HELPER(uint32_t, cap_equal, char* base, void* a, void* b) { return a == b; }
HELPER(void*, cap_table_get, char* base, uint32_t t, uint32_t i) { if (i >= cap_sizes[t]) abort(); return cap_tables[t][i]; }
HELPER(void, cap_table_set, char* base, uint32_t t, uint32_t i, void* cap) { if (i >= cap_sizes[t]) abort(); cap_tables[t][i] = cap; }
HELPER(uint32_t, cap_table_size, char* base, uint32_t t) { return cap_sizes[t]; }
HELPER(uint32_t, cap_table_grow, char* base, uint32_t t, void* cap, uint32_t n) {
    uint32_t old = cap_sizes[t];
    while (n--) cap_tables[t][cap_sizes[t]++] = cap;
    return old;
}
HELPER(void, slice_read, char* base, const char* p, uint64_t len, uint64_t off, uint32_t to, uint32_t n) { if (off + n > len) abort(); memcpy(base + to, p + off, n); }
HELPER(uint32_t, slice_apart, char* base, char* a, uint64_t n, char* b, uint64_t m) { return a <= b ? a + n <= b : b + m <= a; }
HELPER(void, slice_write, char* base, char* p, uint64_t len, uint64_t off, uint32_t from, uint32_t n) { if (off + n > len) abort(); memcpy(p + off, base + from, n); }

// ---- interfaces ----
static int console_object, file_object, clock_object;
int32_t tessera_console_write(char* base, void* cap, uint32_t p, uint32_t n) { if (cap != &console_object) abort(); return (int32_t)write(1, base + p, n); }
uint64_t tessera_clock_now(char* base, void* cap) { return 42; }
static const char file_text[] = "the quick brown fox jumps over the lazy dog\n";
uint64_t tessera_file_size(char* base, void* cap) { return sizeof file_text - 1; }
struct slice { const char* pointer; uint64_t length; };
struct slice tessera_file_map(char* base, void* cap) { return (struct slice){file_text, sizeof file_text - 1}; }
struct slice lend(char* base, uint32_t at, uint32_t length) { static char lent[4096]; if (length > sizeof lent || at > sizeof lent - length) abort(); return (struct slice){lent + at, length}; }

// ---- WASI ----
// Under the C library's name for the import, and under that of the SDK's own files (apps/sdk/runtime/files.c).
#define ALSO(name) uint32_t system_##name() __attribute__((alias("__imported_wasi_snapshot_preview1_" #name)));
#define WASI(name, ...) ALSO(name) uint32_t __imported_wasi_snapshot_preview1_##name(char* base, ##__VA_ARGS__)
#define AT(type, offset) (*(type*)(base + (offset)))
static uint32_t wasi_errno(void) {
    switch (errno) { case EBADF: return 8; case ENOENT: return 44; case EINVAL: return 28; case ESPIPE: return 70; case EACCES: return 2; case EEXIST: return 20; case ENOTDIR: return 54; case EISDIR: return 31; default: return 29; }
}
WASI(fd_write, int fd, uint32_t iovs, uint32_t n, uint32_t written) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < n; ++i) {
        ssize_t done = write(fd, base + AT(uint32_t, iovs + 8 * i), AT(uint32_t, iovs + 8 * i + 4));
        if (done < 0) return wasi_errno();
        total += (uint32_t)done;
    }
    AT(uint32_t, written) = total;
    return 0;
}
WASI(fd_read, int fd, uint32_t iovs, uint32_t n, uint32_t got) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < n; ++i) {
        uint32_t want = AT(uint32_t, iovs + 8 * i + 4);
        ssize_t done = read(fd, base + AT(uint32_t, iovs + 8 * i), want);
        if (done < 0) return wasi_errno();
        total += (uint32_t)done;
        if ((uint32_t)done < want) break;
    }
    AT(uint32_t, got) = total;
    return 0;
}
WASI(fd_seek, int fd, uint64_t offset, uint32_t whence, uint32_t result) {
    off_t at = lseek(fd, (off_t)offset, (int)whence);
    if (at < 0) return wasi_errno();
    AT(uint64_t, result) = (uint64_t)at;
    return 0;
}
WASI(fd_close, int fd) { return close(fd) ? wasi_errno() : 0; }
WASI(fd_fdstat_get, int fd, uint32_t out) {
    struct stat info;
    if (fstat(fd == 3 ? AT_FDCWD : fd, &info) && fd != 3) return wasi_errno();
    memset(base + out, 0, 24);
    AT(uint8_t, out) = fd == 3 ? 3 : S_ISDIR(info.st_mode) ? 3 : S_ISREG(info.st_mode) ? 4 : 2;
    AT(uint64_t, out + 8) = ~0ull;
    AT(uint64_t, out + 16) = ~0ull;
    return 0;
}
WASI(fd_fdstat_set_flags, int fd, uint32_t flags) { return 0; }
// No directory is granted, so files are the SDK's own, in the program's memory.
WASI(fd_prestat_get, int fd, uint32_t out) { return 8; }
WASI(fd_prestat_dir_name, int fd, uint32_t out, uint32_t n) { base[out] = '/'; return 0; }
WASI(fd_filestat_get, int fd, uint32_t out) {
    struct stat info;
    if (fstat(fd, &info)) return wasi_errno();
    memset(base + out, 0, 64);
    AT(uint8_t, out + 16) = S_ISDIR(info.st_mode) ? 3 : S_ISREG(info.st_mode) ? 4 : 2;
    AT(uint64_t, out + 24) = 1;
    AT(uint64_t, out + 32) = (uint64_t)info.st_size;
    return 0;
}
WASI(path_open, int fd, uint32_t dirflags, uint32_t path, uint32_t n, uint32_t oflags, uint64_t rights, uint64_t inherit, uint32_t fdflags, uint32_t out) {
    char name[512] = "/";
    if (n > 500) return 28;
    memcpy(name + 1, base + path, n);
    int flags = (rights & 64) ? ((rights & 2) ? O_RDWR : O_WRONLY) : O_RDONLY;
    flags |= (oflags & 1 ? O_CREAT : 0) | (oflags & 8 ? O_TRUNC : 0) | (oflags & 4 ? O_EXCL : 0) | (fdflags & 1 ? O_APPEND : 0);
    int opened = open(name, flags, 0666);
    if (opened < 0) return wasi_errno();
    AT(int, out) = opened;
    return 0;
}
WASI(path_unlink_file, int fd, uint32_t path, uint32_t n) {
    char name[512] = "/";
    memcpy(name + 1, base + path, n);
    return unlink(name) ? wasi_errno() : 0;
}
WASI(path_filestat_get, int fd, uint32_t flags, uint32_t path, uint32_t n, uint32_t out) {
    char name[512] = "/";
    struct stat info;
    memcpy(name + 1, base + path, n);
    if (stat(name, &info)) return wasi_errno();
    memset(base + out, 0, 64);
    AT(uint8_t, out + 16) = S_ISDIR(info.st_mode) ? 3 : 4;
    AT(uint64_t, out + 32) = (uint64_t)info.st_size;
    return 0;
}
WASI(args_sizes_get, uint32_t argc, uint32_t bytes) {
    uint32_t total = 0;
    for (int i = 0; i < program_argc; ++i) total += (uint32_t)strlen(program_argv[i]) + 1;
    AT(uint32_t, argc) = (uint32_t)program_argc;
    AT(uint32_t, bytes) = total;
    return 0;
}
WASI(args_get, uint32_t argv, uint32_t buffer) {
    for (int i = 0; i < program_argc; ++i) {
        AT(uint32_t, argv + 4 * (uint32_t)i) = buffer;
        strcpy(base + buffer, program_argv[i]);
        buffer += (uint32_t)strlen(program_argv[i]) + 1;
    }
    return 0;
}
WASI(environ_sizes_get, uint32_t count, uint32_t bytes) { AT(uint32_t, count) = 0; AT(uint32_t, bytes) = 0; return 0; }
WASI(environ_get, uint32_t a, uint32_t b) { return 0; }
WASI(clock_time_get, uint32_t id, uint64_t precision, uint32_t out) {
    struct timespec now;
    clock_gettime(id == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
    AT(uint64_t, out) = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    return 0;
}
WASI(clock_res_get, uint32_t id, uint32_t out) { AT(uint64_t, out) = 1; return 0; }
WASI(random_get, uint32_t p, uint32_t n) { getrandom(base + p, n, 0); return 0; }
void __imported_wasi_snapshot_preview1_proc_exit(char* base, uint32_t status) { exit((int)status); }
#define ABSENT(name) ALSO(name) uint32_t __imported_wasi_snapshot_preview1_##name(void) { return 52; }
ABSENT(fd_advise) ABSENT(fd_allocate) ABSENT(fd_datasync) ABSENT(fd_fdstat_set_rights) ABSENT(fd_filestat_set_size)
ABSENT(fd_filestat_set_times) ABSENT(fd_pread) ABSENT(fd_pwrite) ABSENT(fd_readdir) ABSENT(fd_renumber) ABSENT(fd_sync) ABSENT(fd_tell)
ABSENT(path_create_directory) ABSENT(path_filestat_set_times) ABSENT(path_link) ABSENT(path_readlink) ABSENT(path_remove_directory)
ABSENT(path_rename) ABSENT(path_symlink) ABSENT(poll_oneoff) ABSENT(proc_raise) ABSENT(sched_yield) ABSENT(sock_recv) ABSENT(sock_send)
ABSENT(sock_shutdown) ABSENT(sock_accept)

int main(int argc, char** argv) {
    char* base = mmap(NULL, (size_t)7 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const uint64_t bottom = image_info[2];
    memory_bytes = image_info[0];
    mprotect(base + bottom, memory_bytes - bottom, PROT_READ | PROT_WRITE);
    const unsigned char* bytes = image_bytes;
    for (uint64_t i = 0; i < image_info[4]; ++i) {
        memcpy(base + image_info[5 + 2 * i], bytes, image_info[6 + 2 * i]);
        bytes += image_info[6 + 2 * i];
    }
    program_argc = argc;
    program_argv = argv;
    if (export_tessera_main) {
        return export_tessera_main(base, (uint32_t)image_info[3], &console_object, &file_object, &clock_object);
    }
    export__start(base, (uint32_t)image_info[3]);
    return 0;
}
