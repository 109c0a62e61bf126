// WASI for WebAssembly modules: the imports that the C library uses too, with addresses inside the module's memory made
// addresses in the arena. What lies outside that memory is EFAULT.
#include <tessera_wasm.h>

typedef struct Z_wasi_snapshot_preview1_instance_t host;
enum { EFAULT_OF_WASI = 21, PARTS_MAX = 32 };

// Whether `bytes` bytes at *address are the module's; then *address becomes the arena's.
static bool place(const host* module, uint32_t* address, uint64_t bytes) {
    if (module->memory == NULL || *address + bytes > module->memory->size) {
        return false;
    }
    *address += (uint32_t)module->memory->data;
    return true;
}

struct parts {
    uint32_t list[PARTS_MAX][2];
};
// The stretches of a scattered read or write. More than PARTS_MAX are left for the next call, as WASI allows.
static bool place_parts(const host* module, uint32_t address, uint32_t* count, struct parts* parts) {
    *count = *count > PARTS_MAX ? PARTS_MAX : *count;
    if (!place(module, &address, *count * (uint64_t)8)) {
        return false;
    }
    memcpy(parts->list, (const void*)address, *count * (size_t)8);
    for (uint32_t i = 0; i < *count; ++i) {
        if (!place(module, &parts->list[i][0], parts->list[i][1])) {
            return false;
        }
    }
    return true;
}

#define IMPORT(name, ...)                                                                                              \
    extern uint32_t real_##name(__VA_ARGS__) __asm__("__imported_wasi_snapshot_preview1_" #name)                       \
        __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
#define NEED(condition)                                                                                                \
    if (!(condition)) {                                                                                                \
        return EFAULT_OF_WASI;                                                                                         \
    }

IMPORT(args_sizes_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_args_sizes_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &a, 4) && place(m, &b, 4))
    return real_args_sizes_get(a, b);
}

IMPORT(environ_sizes_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_environ_sizes_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &a, 4) && place(m, &b, 4))
    return real_environ_sizes_get(a, b);
}

IMPORT(clock_res_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_clock_res_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &b, 8))
    return real_clock_res_get(a, b);
}

IMPORT(clock_time_get, uint32_t, uint64_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_clock_time_get(host* m, uint32_t a, uint64_t b, uint32_t c) {
    NEED(place(m, &c, 8))
    return real_clock_time_get(a, b, c);
}

IMPORT(fd_advise, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_advise(host* m, uint32_t a, uint64_t b, uint64_t c, uint32_t d) {
    (void)m;
    return real_fd_advise(a, b, c, d);
}

IMPORT(fd_allocate, uint32_t, uint64_t, uint64_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_allocate(host* m, uint32_t a, uint64_t b, uint64_t c) {
    (void)m;
    return real_fd_allocate(a, b, c);
}

IMPORT(fd_close, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_close(host* m, uint32_t a) {
    (void)m;
    return real_fd_close(a);
}

IMPORT(fd_datasync, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_datasync(host* m, uint32_t a) {
    (void)m;
    return real_fd_datasync(a);
}

IMPORT(fd_fdstat_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_fdstat_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &b, 24))
    return real_fd_fdstat_get(a, b);
}

IMPORT(fd_fdstat_set_flags, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_fdstat_set_flags(host* m, uint32_t a, uint32_t b) {
    (void)m;
    return real_fd_fdstat_set_flags(a, b);
}

IMPORT(fd_fdstat_set_rights, uint32_t, uint64_t, uint64_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_fdstat_set_rights(host* m, uint32_t a, uint64_t b, uint64_t c) {
    (void)m;
    return real_fd_fdstat_set_rights(a, b, c);
}

IMPORT(fd_filestat_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_filestat_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &b, 64))
    return real_fd_filestat_get(a, b);
}

IMPORT(fd_filestat_set_size, uint32_t, uint64_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_filestat_set_size(host* m, uint32_t a, uint64_t b) {
    (void)m;
    return real_fd_filestat_set_size(a, b);
}

IMPORT(fd_filestat_set_times, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_filestat_set_times(host* m, uint32_t a, uint64_t b, uint64_t c, uint32_t d) {
    (void)m;
    return real_fd_filestat_set_times(a, b, c, d);
}

IMPORT(fd_prestat_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_prestat_get(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &b, 8))
    return real_fd_prestat_get(a, b);
}

IMPORT(fd_prestat_dir_name, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_prestat_dir_name(host* m, uint32_t a, uint32_t b, uint32_t b_bytes) {
    NEED(place(m, &b, b_bytes))
    return real_fd_prestat_dir_name(a, b, b_bytes);
}

IMPORT(fd_readdir, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t
Z_wasi_snapshot_preview1Z_fd_readdir(host* m, uint32_t a, uint32_t b, uint32_t b_bytes, uint64_t c, uint32_t d) {
    NEED(place(m, &b, b_bytes) && place(m, &d, 4))
    return real_fd_readdir(a, b, b_bytes, c, d);
}

IMPORT(fd_renumber, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_renumber(host* m, uint32_t a, uint32_t b) {
    (void)m;
    return real_fd_renumber(a, b);
}

IMPORT(fd_seek, uint32_t, uint64_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_seek(host* m, uint32_t a, uint64_t b, uint32_t c, uint32_t d) {
    NEED(place(m, &d, 8))
    return real_fd_seek(a, b, c, d);
}

IMPORT(fd_sync, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_sync(host* m, uint32_t a) {
    (void)m;
    return real_fd_sync(a);
}

IMPORT(fd_tell, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_tell(host* m, uint32_t a, uint32_t b) {
    NEED(place(m, &b, 8))
    return real_fd_tell(a, b);
}

IMPORT(path_create_directory, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_create_directory(host* m, uint32_t a, uint32_t b, uint32_t b_bytes) {
    NEED(place(m, &b, b_bytes))
    return real_path_create_directory(a, b, b_bytes);
}

IMPORT(path_filestat_get, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t
Z_wasi_snapshot_preview1Z_path_filestat_get(host* m, uint32_t a, uint32_t b, uint32_t c, uint32_t c_bytes, uint32_t d) {
    NEED(place(m, &c, c_bytes) && place(m, &d, 64))
    return real_path_filestat_get(a, b, c, c_bytes, d);
}

IMPORT(path_filestat_set_times, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_filestat_set_times(
    host* m, uint32_t a, uint32_t b, uint32_t c, uint32_t c_bytes, uint64_t d, uint64_t e, uint32_t f) {
    NEED(place(m, &c, c_bytes))
    return real_path_filestat_set_times(a, b, c, c_bytes, d, e, f);
}

IMPORT(path_link, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_link(
    host* m, uint32_t a, uint32_t b, uint32_t c, uint32_t c_bytes, uint32_t d, uint32_t e, uint32_t e_bytes) {
    NEED(place(m, &c, c_bytes) && place(m, &e, e_bytes))
    return real_path_link(a, b, c, c_bytes, d, e, e_bytes);
}

IMPORT(path_open, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_open(host* m,
                                             uint32_t a,
                                             uint32_t b,
                                             uint32_t c,
                                             uint32_t c_bytes,
                                             uint32_t d,
                                             uint64_t e,
                                             uint64_t f,
                                             uint32_t g,
                                             uint32_t h) {
    NEED(place(m, &c, c_bytes) && place(m, &h, 4))
    return real_path_open(a, b, c, c_bytes, d, e, f, g, h);
}

IMPORT(path_readlink, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_readlink(
    host* m, uint32_t a, uint32_t b, uint32_t b_bytes, uint32_t c, uint32_t c_bytes, uint32_t d) {
    NEED(place(m, &b, b_bytes) && place(m, &c, c_bytes) && place(m, &d, 4))
    return real_path_readlink(a, b, b_bytes, c, c_bytes, d);
}

IMPORT(path_remove_directory, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_remove_directory(host* m, uint32_t a, uint32_t b, uint32_t b_bytes) {
    NEED(place(m, &b, b_bytes))
    return real_path_remove_directory(a, b, b_bytes);
}

IMPORT(path_rename, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_rename(
    host* m, uint32_t a, uint32_t b, uint32_t b_bytes, uint32_t c, uint32_t d, uint32_t d_bytes) {
    NEED(place(m, &b, b_bytes) && place(m, &d, d_bytes))
    return real_path_rename(a, b, b_bytes, c, d, d_bytes);
}

IMPORT(path_symlink, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_symlink(
    host* m, uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t c, uint32_t c_bytes) {
    NEED(place(m, &a, a_bytes) && place(m, &c, c_bytes))
    return real_path_symlink(a, a_bytes, b, c, c_bytes);
}

IMPORT(path_unlink_file, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_path_unlink_file(host* m, uint32_t a, uint32_t b, uint32_t b_bytes) {
    NEED(place(m, &b, b_bytes))
    return real_path_unlink_file(a, b, b_bytes);
}

IMPORT(proc_raise, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_proc_raise(host* m, uint32_t a) {
    (void)m;
    return real_proc_raise(a);
}

IMPORT(random_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_random_get(host* m, uint32_t a, uint32_t a_bytes) {
    NEED(place(m, &a, a_bytes))
    return real_random_get(a, a_bytes);
}

IMPORT(sched_yield, void);
uint32_t Z_wasi_snapshot_preview1Z_sched_yield(host* m) {
    (void)m;
    return real_sched_yield();
}

IMPORT(sock_accept, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_sock_accept(host* m, uint32_t a, uint32_t b, uint32_t c) {
    NEED(place(m, &c, 4))
    return real_sock_accept(a, b, c);
}

IMPORT(sock_shutdown, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_sock_shutdown(host* m, uint32_t a, uint32_t b) {
    (void)m;
    return real_sock_shutdown(a, b);
}

IMPORT(fd_read, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_read(host* m, uint32_t a, uint32_t b, uint32_t b_count, uint32_t c) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &c, 4))
    return real_fd_read(a, (uint32_t)parts.list, b_count, c);
}

IMPORT(fd_write, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_write(host* m, uint32_t a, uint32_t b, uint32_t b_count, uint32_t c) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &c, 4))
    return real_fd_write(a, (uint32_t)parts.list, b_count, c);
}

IMPORT(fd_pread, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_fd_pread(host* m, uint32_t a, uint32_t b, uint32_t b_count, uint64_t c, uint32_t d) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &d, 4))
    return real_fd_pread(a, (uint32_t)parts.list, b_count, c, d);
}

IMPORT(fd_pwrite, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t
Z_wasi_snapshot_preview1Z_fd_pwrite(host* m, uint32_t a, uint32_t b, uint32_t b_count, uint64_t c, uint32_t d) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &d, 4))
    return real_fd_pwrite(a, (uint32_t)parts.list, b_count, c, d);
}

IMPORT(sock_send, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t
Z_wasi_snapshot_preview1Z_sock_send(host* m, uint32_t a, uint32_t b, uint32_t b_count, uint32_t c, uint32_t d) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &d, 4))
    return real_sock_send(a, (uint32_t)parts.list, b_count, c, d);
}

IMPORT(sock_recv, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_sock_recv(
    host* m, uint32_t a, uint32_t b, uint32_t b_count, uint32_t c, uint32_t d, uint32_t e) {
    struct parts parts;
    NEED(place_parts(m, b, &b_count, &parts) && place(m, &d, 4) && place(m, &e, 2))
    return real_sock_recv(a, (uint32_t)parts.list, b_count, c, d, e);
}

// ---- those whose arguments are more than values and blocks ----

// Strings' addresses come back as the arena's.
static uint32_t strings(
    host* m, uint32_t list, uint32_t text, uint32_t (*sizes)(uint32_t, uint32_t), uint32_t (*get)(uint32_t, uint32_t)) {
    uint32_t count = 0;
    uint32_t bytes = 0;
    const uint32_t error = sizes((uint32_t)&count, (uint32_t)&bytes);
    if (error != 0) {
        return error;
    }
    NEED(place(m, &list, count * (uint64_t)4) && place(m, &text, bytes))
    const uint32_t failed = get(list, text);
    for (uint32_t i = 0; failed == 0 && i < count; ++i) {
        uint32_t address;
        memcpy(&address, (const char*)list + i * 4, 4);
        address -= (uint32_t)m->memory->data;
        memcpy((char*)list + i * 4, &address, 4);
    }
    return failed;
}
IMPORT(args_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_args_get(host* m, uint32_t list, uint32_t text) {
    return strings(m, list, text, real_args_sizes_get, real_args_get);
}
IMPORT(environ_get, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_environ_get(host* m, uint32_t list, uint32_t text) {
    return strings(m, list, text, real_environ_sizes_get, real_environ_get);
}
IMPORT(poll_oneoff, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t Z_wasi_snapshot_preview1Z_poll_oneoff(host* m, uint32_t in, uint32_t out, uint32_t count, uint32_t events) {
    NEED(place(m, &in, count * (uint64_t)48) && place(m, &out, count * (uint64_t)32) && place(m, &events, 4))
    return real_poll_oneoff(in, out, count, events);
}
_Noreturn void real_proc_exit(uint32_t status) __asm__("__imported_wasi_snapshot_preview1_proc_exit")
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit")));
void Z_wasi_snapshot_preview1Z_proc_exit(host* m, uint32_t status) {
    (void)m;
    real_proc_exit(status);
}
