// A file: bytes with a size.
#ifndef TESSERA_FILE_H
#define TESSERA_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>
#include <tessera/slice.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_IMPORT("tessera_file", "size") int64_t tessera_file_size(tessera_cap file);
TESSERA_IMPORT("tessera_file", "read") int32_t tessera_file_read(tessera_cap file, uint64_t position, void* into, size_t length);
// The file's bytes themselves, without a copy.
TESSERA_IMPORT("tessera_file", "map") tessera_slice tessera_file_map(tessera_cap file);

#ifdef __cplusplus
}
#endif
#endif
