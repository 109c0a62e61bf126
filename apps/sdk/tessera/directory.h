// A directory: names to files and directories.
#ifndef TESSERA_DIRECTORY_H
#define TESSERA_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

// The null capability when there is no such name.
TESSERA_IMPORT("tessera_directory", "open") tessera_cap tessera_directory_open(tessera_cap directory, const char* name, size_t length);
// The length of the name of an entry, of which as much as fits is written; 0 past the last.
TESSERA_IMPORT("tessera_directory", "entry") int32_t tessera_directory_entry(tessera_cap directory, uint32_t index, char* into, size_t length);

#ifdef __cplusplus
}
#endif
#endif
