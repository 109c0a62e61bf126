// A file: bytes with a size (File in caps/schema/directory.capnp). Not together with <tessera/directory.tessera.h>, which has functions
// of the same names that give a status, too.
#ifndef TESSERA_FILE_H
#define TESSERA_FILE_H

#include <tessera/method.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_METHOD("e05dfe41f7876597", "1:>il") int32_t tessera_file_size_call(tessera_cap file);
TESSERA_METHOD("e05dfe41f7876597", "2:liw>il")
int32_t tessera_file_read_call(tessera_cap file, uint64_t position, int32_t count, tessera_slice into);

// -1: it can't be told.
static inline int64_t tessera_file_size(tessera_cap file) {
    const int32_t status = tessera_file_size_call(file);
    const uint64_t bytes = tessera_result_i64(status, 1);
    return status == 0 ? (int64_t)bytes : -1;
}

// How many bytes there were, fewer only at the end; -1: none could be read.
static inline int32_t tessera_file_read(tessera_cap file, uint64_t position, void* into, size_t length) {
    const int32_t status = tessera_file_read_call(file, position, (int32_t)length, tessera_slice_of(into, length));
    const uint64_t bytes = tessera_result_i64(status, 1);
    return status == 0 ? (int32_t)bytes : -1;
}

// The bytes themselves, without a copy, of a file of the image: of another it traps.
TESSERA_IMPORT("tessera_file", "map") tessera_slice tessera_file_map(tessera_cap file);

#ifdef __cplusplus
}
#endif
#endif
