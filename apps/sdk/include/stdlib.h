// The C library's stdlib.h, and what later versions of it have.
#include_next <stdlib.h>

#ifndef _TESSERA_STDLIB_H
#define _TESSERA_STDLIB_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_GNU_SOURCE) || defined(_BSD_SOURCE)
void qsort_r(void*, size_t, size_t, int (*)(const void*, const void*, void*), void*);
#endif

#ifdef __cplusplus
}
#endif
#endif
