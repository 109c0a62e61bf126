// A directory: names to files and directories (Directory in caps/schema/directory.capnp). Not together with
// <tessera/directory.tessera.h>, which has a function of the same name that gives a status, too.
#ifndef TESSERA_DIRECTORY_H
#define TESSERA_DIRECTORY_H

#include <tessera/method.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_METHOD("fee6d96a6f4036eb", "0:rii>ic")
int32_t tessera_directory_open_call(tessera_cap directory, tessera_slice path, int32_t create, int32_t truncate);
TESSERA_METHOD("fee6d96a6f4036eb", "1:ri>ic")
int32_t tessera_directory_directory_call(tessera_cap directory, tessera_slice path, int32_t create);

// A file that is there, or a directory; the null capability when there is no such name.
static inline tessera_cap tessera_directory_open(tessera_cap directory, const char* name, size_t length) {
    const int32_t is_directory = 20;
    const int32_t status = tessera_directory_open_call(directory, tessera_slice_of_const(name, length), 0, 0);
    if (status != is_directory) {
        return tessera_result_cap(status, 1);
    }
    const int32_t second = tessera_directory_directory_call(directory, tessera_slice_of_const(name, length), 0);
    return tessera_result_cap(second, 1);
}

#ifdef __cplusplus
}
#endif
#endif
