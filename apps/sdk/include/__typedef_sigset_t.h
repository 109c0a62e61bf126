// Sets of all signals; WASI's own has room for eight.
#ifndef _TESSERA_TYPEDEF_SIGSET_T_H
#define _TESSERA_TYPEDEF_SIGSET_T_H

typedef struct __sigset_t {
    unsigned long __bits[128 / sizeof(long)];
} sigset_t;

#endif
