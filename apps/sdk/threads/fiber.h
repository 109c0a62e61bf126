// A fiber that the program has started, as the C library's threads know it.
#ifndef TESSERA_THREADS_FIBER_H
#define TESSERA_THREADS_FIBER_H

#include <stddef.h>
#include <stdint.h>

typedef struct tessera_fiber {
    void (*function)(void*);
    void* argument;
    uint32_t holders;  // the fiber itself, and whoever asks for its variables afterwards
    _Alignas(64) unsigned char variables[];
} tessera_fiber;

// One that does not run yet, with one holder; null: there is no memory.
tessera_fiber* tessera_fiber_make(void (*function)(void*), void* argument);
// A status. The fiber lets go of it at its end.
int32_t tessera_fiber_begin(tessera_fiber* fiber, uint32_t stack_bytes);
void tessera_fiber_let_go(tessera_fiber* fiber);
// Where it has what the current thread has at that address.
void* tessera_fiber_variable(tessera_fiber* fiber, void* mine);

// Called on each new fiber before its function; the C library's part (musl/threads.c).
void tessera_thread_begins(void);

#endif
