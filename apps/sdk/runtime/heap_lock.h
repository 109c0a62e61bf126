// The heap's lock, for dlmalloc (heap.c). Only a program that others call has one: their calls come on every core at once. Whether it is
// one the compiler says when it links the program (safeir/lower/program/prepare.cpp), so that the others have no trace of it.
#ifndef TESSERA_HEAP_LOCK_H
#define TESSERA_HEAP_LOCK_H

#include <stdbool.h>

#include <tessera/capability.h>

TESSERA_IMPORT("tessera_domain", "yield") void tessera_domain_yield(void);

extern bool tessera_is_called;

// Who is ended inside of the heap leaves the lock behind. After so many turns nobody can be inside any more: it is taken over.
enum { TESSERA_HEAP_TURNS_MAX = 100000, TESSERA_HEAP_TURNS_BEFORE_YIELDING = 200 };

static inline int tessera_heap_lock(int* lock) {
    for (unsigned turn = 0; tessera_is_called && __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0; ++turn) {
        if (turn == TESSERA_HEAP_TURNS_MAX) {
            break;
        }
        if (turn >= TESSERA_HEAP_TURNS_BEFORE_YIELDING) {
            tessera_domain_yield();
        }
    }
    return 0;
}

static inline void tessera_heap_unlock(int* lock) {
    if (tessera_is_called) {
        __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    }
}

#define MLOCK_T int
#define INITIAL_LOCK(lock) (*(lock) = 0)
#define DESTROY_LOCK(lock) (0)
#define ACQUIRE_LOCK(lock) tessera_heap_lock(lock)
#define RELEASE_LOCK(lock) tessera_heap_unlock(lock)
#define TRY_LOCK(lock) (tessera_heap_lock(lock), 1)

#endif
