// A console: text to a person and keys back. Counts are bytes, or the negative of an errno.
#ifndef TESSERA_CONSOLE_H
#define TESSERA_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

TESSERA_IMPORT("tessera_console", "write") int32_t tessera_console_write(tessera_cap console, const void* text, size_t length);
TESSERA_IMPORT("tessera_console", "read") int32_t tessera_console_read(tessera_cap console, void* into, size_t length);

#ifdef __cplusplus
}
#endif
#endif
