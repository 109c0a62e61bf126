// The C library's stdlib.h, and what it leaves out.
#include_next <stdlib.h>

#ifndef _TESSERA_STDLIB_H
#define _TESSERA_STDLIB_H

#ifdef __cplusplus
extern "C" {
#endif

int system(const char*);  // 0 for a null pointer: there is no command processor; else -1
char* mktemp(char*);
int mkstemp(char*);

#ifdef __cplusplus
}
#endif
#endif
