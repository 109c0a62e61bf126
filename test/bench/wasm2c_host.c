// The host side of a kernels program that wasm2c (1.0.32) has turned to C: the few WASI calls that it makes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernels_wasm2c.h"

struct Z_wasi_snapshot_preview1_instance_t {
    Z_kernels_instance_t *program;
    int argc;
    char **argv;
};
typedef struct Z_wasi_snapshot_preview1_instance_t host;

static u8 *at(host *h, u32 offset) { return Z_kernelsZ_memory(h->program)->data + offset; }

u32 Z_wasi_snapshot_preview1Z_args_sizes_get(host *h, u32 count, u32 bytes) {
    u32 total = 0;
    for (int i = 0; i < h->argc; i++) {
        total += (u32)strlen(h->argv[i]) + 1;
    }
    memcpy(at(h, count), &h->argc, 4);
    memcpy(at(h, bytes), &total, 4);
    return 0;
}

u32 Z_wasi_snapshot_preview1Z_args_get(host *h, u32 pointers, u32 bytes) {
    for (int i = 0; i < h->argc; i++) {
        memcpy(at(h, pointers + 4 * (u32)i), &bytes, 4);
        strcpy((char *)at(h, bytes), h->argv[i]);
        bytes += (u32)strlen(h->argv[i]) + 1;
    }
    return 0;
}

u32 Z_wasi_snapshot_preview1Z_clock_time_get(host *h, u32 clock, u64 precision, u32 result) {
    (void)clock, (void)precision;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    const u64 nanoseconds = (u64)time.tv_sec * 1000000000u + (u64)time.tv_nsec;
    memcpy(at(h, result), &nanoseconds, 8);
    return 0;
}

u32 Z_wasi_snapshot_preview1Z_fd_write(host *h, u32 fd, u32 vectors, u32 count, u32 result) {
    u32 total = 0;
    for (u32 i = 0; i < count; i++) {
        u32 pair[2];
        memcpy(pair, at(h, vectors + 8 * i), 8);
        total += (u32)fwrite(at(h, pair[0]), 1, pair[1], fd == 2 ? stderr : stdout);
    }
    memcpy(at(h, result), &total, 4);
    return 0;
}

u32 Z_wasi_snapshot_preview1Z_fd_fdstat_get(host *h, u32 fd, u32 result) {
    (void)fd;
    memset(at(h, result), 0, 24);
    *at(h, result) = 2;
    return 0;
}

u32 Z_wasi_snapshot_preview1Z_fd_close(host *h, u32 fd) { return (void)h, (void)fd, 0; }
u32 Z_wasi_snapshot_preview1Z_fd_seek(host *h, u32 fd, u64 by, u32 from, u32 result) {
    return (void)h, (void)fd, (void)by, (void)from, (void)result, 70;
}
void Z_wasi_snapshot_preview1Z_proc_exit(host *h, u32 status) {
    (void)h;
    fflush(stdout);
    exit((int)status);
}

int main(int argc, char **argv) {
    static Z_kernels_instance_t program;
    host h = {&program, argc, argv};
    wasm_rt_init();
    Z_kernels_init_module();
    Z_kernels_instantiate(&program, &h);
    Z_kernelsZ__start(&program);
    fflush(stdout);
    return 0;
}
