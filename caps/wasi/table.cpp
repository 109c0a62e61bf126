// All of wasi_snapshot_preview1 by name.
#include "caps/gate.h"
#include "caps/imports.h"
#include "caps/wasi/calls.h"
#include "caps/wasi/errno.h"
#include "caps/wasi/state.h"

namespace tessera::caps::wasi {
namespace {

// What read-only files and no network can't do. One function each distinct type; docs/notes/wasi.md lists them.
template <Errno error, typename... A>
U32 always(Domain& /*unused*/, A... /*unused*/) {
    return error;
}

// For descriptors: a bad one is told apart from what can't be done with a good one.
template <Errno error, typename... A>
U32 never(Domain& domain, U32 fd, A... /*unused*/) {
    return domain.wasi().get(fd) ? error : kBadFile;
}

}  // namespace
}  // namespace tessera::caps::wasi

namespace tessera::caps {

std::vector<safeir::KernelFunction> wasi_functions() {
    using namespace wasi;
#define WASI(name, ...) kernel_function<__VA_ARGS__>("wasi_snapshot_preview1/" name)
    return {
        WASI("args_get", args_get),
        WASI("args_sizes_get", args_sizes_get),
        WASI("environ_get", environ_get),
        WASI("environ_sizes_get", environ_sizes_get),
        WASI("clock_res_get", clock_res_get),
        WASI("clock_time_get", clock_time_get),
        WASI("fd_advise", fd_advise),
        WASI("fd_allocate", never<kReadOnly, U64, U64>),
        WASI("fd_close", fd_close),
        WASI("fd_datasync", fd_sync),
        WASI("fd_fdstat_get", fd_fdstat_get),
        WASI("fd_fdstat_set_flags", never<kNotSupported, U32>),
        WASI("fd_fdstat_set_rights", never<kNotSupported, U64, U64>),
        WASI("fd_filestat_get", fd_filestat_get),
        WASI("fd_filestat_set_size", never<kReadOnly, U64>),
        WASI("fd_filestat_set_times", never<kReadOnly, U64, U64, U32>),
        WASI("fd_pread", fd_pread),
        WASI("fd_prestat_get", fd_prestat_get),
        WASI("fd_prestat_dir_name", fd_prestat_dir_name),
        WASI("fd_pwrite", never<kNotCapable, U32, U32, U64, U32>),
        WASI("fd_read", fd_read),
        WASI("fd_readdir", fd_readdir),
        WASI("fd_renumber", fd_renumber),
        WASI("fd_seek", fd_seek),
        WASI("fd_sync", fd_sync),
        WASI("fd_tell", fd_tell),
        WASI("fd_write", fd_write),
        WASI("path_create_directory", never<kReadOnly, U32, U32>),
        WASI("path_filestat_get", path_filestat_get),
        WASI("path_filestat_set_times", never<kReadOnly, U32, U32, U32, U64, U64, U32>),
        WASI("path_link", never<kReadOnly, U32, U32, U32, U32, U32, U32>),
        WASI("path_open", path_open),
        WASI("path_readlink", never<kInvalid, U32, U32, U32, U32, U32>),
        WASI("path_remove_directory", never<kReadOnly, U32, U32>),
        WASI("path_rename", never<kReadOnly, U32, U32, U32, U32, U32>),
        WASI("path_symlink", always<kReadOnly, U32, U32, U32, U32, U32>),
        WASI("path_unlink_file", never<kReadOnly, U32, U32>),
        WASI("poll_oneoff", poll_oneoff),
        WASI("proc_exit", proc_exit),
        WASI("proc_raise", always<kNoSystem, U32>),
        WASI("sched_yield", sched_yield),
        WASI("random_get", random_get),
        WASI("sock_accept", never<kNotSocket, U32, U32>),
        WASI("sock_recv", never<kNotSocket, U32, U32, U32, U32, U32>),
        WASI("sock_send", never<kNotSocket, U32, U32, U32, U32>),
        WASI("sock_shutdown", never<kNotSocket, U32>),
    };
#undef WASI
}

}  // namespace tessera::caps
