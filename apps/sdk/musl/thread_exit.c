// The end of a thread that ends itself.
#include "pthread_impl.h"

#include <setjmp.h>
#include <stdlib.h>
#include <threads.h>

_Thread_local jmp_buf __tessera_thread_end;

// With its last thread the program ends, with 0.
_Noreturn void pthread_exit(void* result) {
    pthread_t self = __pthread_self();
    if (self->map_base != NULL) {
        self->result = result;
        longjmp(__tessera_thread_end, 1);
    }
    while (self->cancelbuf != NULL) {
        struct __ptcb* cleanup = self->cancelbuf;
        self->cancelbuf = cleanup->__next;
        cleanup->__f(cleanup->__x);
    }
    __pthread_tsd_run_dtors();
    for (int others; (others = libc.threads_minus_1) != 0;) {
        __wait(&libc.threads_minus_1, NULL, others, 1);
    }
    exit(0);
}
_Noreturn void thrd_exit(int result) { pthread_exit((void*)(intptr_t)result); }
