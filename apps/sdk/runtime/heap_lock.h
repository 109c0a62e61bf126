// The heap's lock, for dlmalloc (heap.c). Only a program that others call, or that has threads, has one: it is entered
// on every core at once. Whether it is one the compiler says when it links the program
// (safeir/lower/program/prepare.cpp), so that the others have no trace of it.
#ifndef TESSERA_HEAP_LOCK_H
#define TESSERA_HEAP_LOCK_H

#include <stdbool.h>
#include <tessera/domain.h>

extern bool tessera_is_called;

enum { TESSERA_HEAP_FREE, TESSERA_HEAP_TAKEN, TESSERA_HEAP_WANTED };
enum { TESSERA_HEAP_TURNS = 200 };

// Who is ended inside of the heap leaves the lock behind: where nobody gives it back for so long, it is taken over.
#define TESSERA_HEAP_LONGEST 2000000000ull

static inline int tessera_heap_lock(int* lock) {
    if (!tessera_is_called) {
        return 0;
    }
    for (unsigned turn = 0; turn < TESSERA_HEAP_TURNS; ++turn) {
        int expected = TESSERA_HEAP_FREE;
        if (__atomic_load_n(lock, __ATOMIC_RELAXED) == TESSERA_HEAP_FREE &&
            __atomic_compare_exchange_n(lock, &expected, TESSERA_HEAP_TAKEN, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return 0;
        }
    }
    while (__atomic_exchange_n(lock, TESSERA_HEAP_WANTED, __ATOMIC_ACQUIRE) != TESSERA_HEAP_FREE &&
           tessera_domain_wait(lock, TESSERA_HEAP_WANTED, TESSERA_HEAP_LONGEST) != TESSERA_LATE) {
    }
    return 0;
}

static inline void tessera_heap_unlock(int* lock) {
    if (tessera_is_called && __atomic_exchange_n(lock, TESSERA_HEAP_FREE, __ATOMIC_RELEASE) == TESSERA_HEAP_WANTED) {
        (void)tessera_domain_wake(lock, 1);
    }
}

#define MLOCK_T int
#define INITIAL_LOCK(lock) (*(lock) = 0)
#define DESTROY_LOCK(lock) (0)
#define ACQUIRE_LOCK(lock) tessera_heap_lock(lock)
#define RELEASE_LOCK(lock) tessera_heap_unlock(lock)
#define TRY_LOCK(lock) (tessera_heap_lock(lock), 1)

#endif
