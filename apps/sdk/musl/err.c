// err.h, which says the program's name first: the C library leaves that to a start code that it hasn't here.
#include "../wasi/descriptor.h"
#include "../wasi/grants.h"

#include <legacy/err.c>

extern char* __progname_full;

#include <errno.h>
#include <string.h>

__attribute__((constructor(60))) static void find_name(void) {
    static char name[256];
    size_t bytes = 0;
    if (tessera_arguments_word(tessera_wasi_arguments(), 0, name, sizeof name - 1, &bytes) == TESSERA_STATUS_OK) {
        char* last = strrchr(name, '/');
        __progname_full = name;
        __progname = last != NULL ? last + 1 : name;
    }
}
