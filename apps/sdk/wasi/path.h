// A path as WASI has it, below a directory, and what it comes to.
#ifndef TESSERA_WASI_PATH_H
#define TESSERA_WASI_PATH_H

#include "descriptor.h"

enum { TESSERA_WASI_PATH_MAX = 4096 };

struct tessera_wasi_resolved {
    const descriptor* directory;
    struct tessera_wasi_path path;
    bool wants_directory;  // it ended with a slash or a dot
    char text[TESSERA_WASI_PATH_MAX];
};

// Without "." and ".."; what would lead out of the directory is refused.
wasi_errno tessera_wasi_resolve(uint32_t fd, wasi_address path, uint32_t bytes, struct tessera_wasi_resolved* resolved);

#endif
