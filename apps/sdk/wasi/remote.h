// What files and directories of others have in common.
#ifndef TESSERA_WASI_REMOTE_H
#define TESSERA_WASI_REMOTE_H

#include "descriptor.h"

#include <tessera/directory.tessera.h>

enum { TESSERA_WASI_METADATA_ROOM = 256 };  // for a later version's, which has more in it

int32_t tessera_wasi_read_facts(const void* message, size_t bytes, struct tessera_wasi_facts* facts);

#endif
