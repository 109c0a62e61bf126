// What WASI says about a file, of what its object does.
#ifndef TESSERA_WASI_FILESTAT_H
#define TESSERA_WASI_FILESTAT_H

#include "descriptor.h"

static inline struct wasi_filestat tessera_wasi_filestat(uint8_t type, const struct tessera_wasi_facts* facts) {
    return (struct wasi_filestat){.device = 1,
                                  .inode = facts->identity,
                                  .type = type,
                                  .links = facts->links,
                                  .bytes = facts->bytes,
                                  .accessed = facts->accessed,
                                  .modified = facts->modified,
                                  .changed = facts->modified};
}

// What flags and times come to, with the ones that the file has for those that stay.
wasi_errno
tessera_wasi_times(uint32_t flags, const struct tessera_wasi_facts* facts, int64_t* accessed, int64_t* modified);

#endif
