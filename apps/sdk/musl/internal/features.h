// musl's own sources (and nobody else finds this header) are built for threads.
#if __has_include("stdio_impl.h") && !defined _REENTRANT
#define _REENTRANT
#define _WASI_EMULATED_SIGNAL
#define _WASI_EMULATED_MMAN
#endif
#include_next <features.h>
