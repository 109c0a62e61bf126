// The C library's heap as wasi-libc has it (dlmalloc, from its source package), with a lock where others call the program.
#pragma clang diagnostic ignored "-Wmacro-redefined"  // it sets error numbers of its own
#define USE_LOCKS 2
#include "heap_lock.h"

bool tessera_is_called;
static MLOCK_T malloc_global_mutex;

#include "dlmalloc.c"
