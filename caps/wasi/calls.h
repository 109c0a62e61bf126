// The functions behind wasi_snapshot_preview1, for the table that names them. Pointers and lengths are offsets into the
// caller's arena and hostile: each is read once, through the arena's checks; a bad one is EFAULT.
#pragma once

#include "caps/domain.h"

#include <cstdint>

namespace tessera::caps::wasi {

using U32 = std::uint32_t;
using U64 = std::uint64_t;

// process.cpp
U32 args_get(Domain& domain, U32 pointers, U32 text);
U32 args_sizes_get(Domain& domain, U32 count, U32 bytes);
U32 environ_get(Domain& domain, U32 pointers, U32 text);
U32 environ_sizes_get(Domain& domain, U32 count, U32 bytes);
void proc_exit(Domain& domain, U32 status);
U32 sched_yield(Domain& domain);
U32 random_get(Domain& domain, U32 buffer, U32 length);

// clocks.cpp
U32 clock_res_get(Domain& domain, U32 id, U32 result);
U32 clock_time_get(Domain& domain, U32 id, U64 precision, U32 result);
U32 poll_oneoff(Domain& domain, U32 in, U32 out, U32 count, U32 events);

// descriptors.cpp
U32 fd_close(Domain& domain, U32 fd);
U32 fd_fdstat_get(Domain& domain, U32 fd, U32 result);
U32 fd_filestat_get(Domain& domain, U32 fd, U32 result);
U32 fd_prestat_get(Domain& domain, U32 fd, U32 result);
U32 fd_prestat_dir_name(Domain& domain, U32 fd, U32 name, U32 length);
U32 fd_pread(Domain& domain, U32 fd, U32 vectors, U32 count, U64 position, U32 result);
U32 fd_read(Domain& domain, U32 fd, U32 vectors, U32 count, U32 result);
U32 fd_write(Domain& domain, U32 fd, U32 vectors, U32 count, U32 result);
U32 fd_seek(Domain& domain, U32 fd, U64 offset, U32 whence, U32 result);
U32 fd_tell(Domain& domain, U32 fd, U32 result);
U32 fd_renumber(Domain& domain, U32 from, U32 to);
U32 fd_sync(Domain& domain, U32 fd);  // also fd_datasync
U32 fd_advise(Domain& domain, U32 fd, U64 offset, U64 length, U32 advice);

// paths.cpp
U32 fd_readdir(Domain& domain, U32 fd, U32 buffer, U32 length, U64 cookie, U32 result);
U32 path_filestat_get(Domain& domain, U32 fd, U32 flags, U32 path, U32 length, U32 result);
U32 path_open(Domain& domain,
              U32 fd,
              U32 lookup,
              U32 path,
              U32 length,
              U32 open_flags,
              U64 rights,
              U64 inheriting,
              U32 flags,
              U32 result);

}  // namespace tessera::caps::wasi
