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
#define TESSERA_WASI(name, ...) kernel_function<__VA_ARGS__>("wasi_snapshot_preview1/" name)
    return {
        TESSERA_WASI("args_get", args_get),
        TESSERA_WASI("args_sizes_get", args_sizes_get),
        TESSERA_WASI("environ_get", environ_get),
        TESSERA_WASI("environ_sizes_get", environ_sizes_get),
        TESSERA_WASI("clock_res_get", clock_res_get),
        TESSERA_WASI("clock_time_get", clock_time_get),
        TESSERA_WASI("fd_advise", fd_advise),
        TESSERA_WASI("fd_allocate", never<kReadOnly, U64, U64>),
        TESSERA_WASI("fd_close", fd_close),
        TESSERA_WASI("fd_datasync", fd_sync),
        TESSERA_WASI("fd_fdstat_get", fd_fdstat_get),
        TESSERA_WASI("fd_fdstat_set_flags", never<kNotSupported, U32>),
        TESSERA_WASI("fd_fdstat_set_rights", never<kNotSupported, U64, U64>),
        TESSERA_WASI("fd_filestat_get", fd_filestat_get),
        TESSERA_WASI("fd_filestat_set_size", never<kReadOnly, U64>),
        TESSERA_WASI("fd_filestat_set_times", never<kReadOnly, U64, U64, U32>),
        TESSERA_WASI("fd_pread", fd_pread),
        TESSERA_WASI("fd_prestat_get", fd_prestat_get),
        TESSERA_WASI("fd_prestat_dir_name", fd_prestat_dir_name),
        TESSERA_WASI("fd_pwrite", never<kNotCapable, U32, U32, U64, U32>),
        TESSERA_WASI("fd_read", fd_read),
        TESSERA_WASI("fd_readdir", fd_readdir),
        TESSERA_WASI("fd_renumber", fd_renumber),
        TESSERA_WASI("fd_seek", fd_seek),
        TESSERA_WASI("fd_sync", fd_sync),
        TESSERA_WASI("fd_tell", fd_tell),
        TESSERA_WASI("fd_write", fd_write),
        TESSERA_WASI("path_create_directory", never<kReadOnly, U32, U32>),
        TESSERA_WASI("path_filestat_get", path_filestat_get),
        TESSERA_WASI("path_filestat_set_times", never<kReadOnly, U32, U32, U32, U64, U64, U32>),
        TESSERA_WASI("path_link", never<kReadOnly, U32, U32, U32, U32, U32, U32>),
        TESSERA_WASI("path_open", path_open),
        TESSERA_WASI("path_readlink", never<kInvalid, U32, U32, U32, U32, U32>),
        TESSERA_WASI("path_remove_directory", never<kReadOnly, U32, U32>),
        TESSERA_WASI("path_rename", never<kReadOnly, U32, U32, U32, U32, U32>),
        TESSERA_WASI("path_symlink", always<kReadOnly, U32, U32, U32, U32, U32>),
        TESSERA_WASI("path_unlink_file", never<kReadOnly, U32, U32>),
        TESSERA_WASI("poll_oneoff", poll_oneoff),
        TESSERA_WASI("proc_exit", proc_exit),
        TESSERA_WASI("proc_raise", always<kNoSystem, U32>),
        TESSERA_WASI("sched_yield", sched_yield),
        TESSERA_WASI("random_get", random_get),
        TESSERA_WASI("sock_accept", never<kNotSocket, U32, U32>),
        TESSERA_WASI("sock_recv", never<kNotSocket, U32, U32, U32, U32, U32>),
        TESSERA_WASI("sock_send", never<kNotSocket, U32, U32, U32, U32>),
        TESSERA_WASI("sock_shutdown", never<kNotSocket, U32>),
    };
#undef TESSERA_WASI
}

}  // namespace tessera::caps
