// The C library's heap as wasi-libc has it (dlmalloc, from its source package), with a lock where others call the program.
#pragma clang diagnostic ignored "-Wmacro-redefined"  // it sets error numbers of its own
#define USE_LOCKS 2
#include "heap_lock.h"

#include <stdint.h>
#include <unistd.h>

bool tessera_is_called;
static MLOCK_T malloc_global_mutex;

extern unsigned char __heap_end;  // of the memory that the program starts with

// Where the heap begins to ask for more. Memory may have grown before its first use, for the program's own files.
static void* more_memory(intptr_t bytes) {
    static bool has_begun;
    if (!has_begun) {
        has_begun = true;
        if (bytes == 0) {
            return &__heap_end;
        }
    }
    return sbrk(bytes);
}
#define MORECORE more_memory

#include "dlmalloc.c"
