// The functions behind wasi_snapshot_preview1, for the table that names them. Places and lengths are what the
// caller says of its arena, and hostile: each is read once, through the arena's checks; a bad one is EFAULT.
#pragma once

#include "caps/domain.h"
#include "caps/user_span.h"
#include "caps/wasi/errno.h"

#include <cstdint>

namespace tessera::caps::wasi {

using U32 = std::uint32_t;
using U64 = std::uint64_t;
using Bytes = UserPlace<std::byte>;
template <typename T>
using Place = UserPlace<T>;

// process.cpp
U32 args_get(Domain& domain, Place<U32> pointers, Bytes text);
U32 args_sizes_get(Domain& domain, Place<U32> count, Place<U32> bytes);
U32 environ_get(Domain& domain, Place<U32> pointers, Bytes text);
U32 environ_sizes_get(Domain& domain, Place<U32> count, Place<U32> bytes);
void proc_exit(Domain& domain, U32 status);
U32 sched_yield(Domain& domain);
U32 random_get(Domain& domain, Bytes buffer, UserLength length);

// clocks.cpp
U32 clock_res_get(Domain& domain, U32 id, Place<U64> result);
U32 clock_time_get(Domain& domain, U32 id, U64 precision, Place<std::int64_t> result);
U32 poll_oneoff(Domain& domain, Place<Subscription> in, Place<Event> out, UserCount count, Place<U32> events);

// descriptors.cpp
U32 fd_close(Domain& domain, U32 fd);
U32 fd_fdstat_get(Domain& domain, U32 fd, Place<Fdstat> result);
U32 fd_filestat_get(Domain& domain, U32 fd, Place<Filestat> result);
U32 fd_prestat_get(Domain& domain, U32 fd, Place<Prestat> result);
U32 fd_prestat_dir_name(Domain& domain, U32 fd, Bytes name, UserLength length);
U32 fd_pread(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, U64 position, Place<U32> result);
U32 fd_read(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, Place<U32> result);
U32 fd_write(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, Place<U32> result);
U32 fd_seek(Domain& domain, U32 fd, U64 offset, U32 whence, Place<std::int64_t> result);
U32 fd_tell(Domain& domain, U32 fd, Place<U64> result);
U32 fd_renumber(Domain& domain, U32 from, U32 to);
U32 fd_sync(Domain& domain, U32 fd);  // also fd_datasync
U32 fd_advise(Domain& domain, U32 fd, U64 offset, U64 length, U32 advice);

// paths.cpp
U32 fd_readdir(Domain& domain, U32 fd, Bytes buffer, UserLength length, U64 cookie, Place<U32> result);
U32 path_filestat_get(Domain& domain, U32 fd, U32 flags, Bytes path, UserLength length, Place<Filestat> result);
U32 path_open(Domain& domain,
              U32 fd,
              U32 lookup,
              Bytes path,
              UserLength length,
              U32 open_flags,
              U64 rights,
              U64 inheriting,
              U32 flags,
              Place<U32> result);

}  // namespace tessera::caps::wasi
