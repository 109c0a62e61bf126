// Threads: a fiber each (threads/fiber.h), with musl's description of it among its variables.
#define _GNU_SOURCE
#include "../threads/fiber.h"
#include "lock.h"
#include "pthread_impl.h"
#include "stdio_impl.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <tessera/status.tessera.h>
#include <threads.h>

enum { STACK_BYTES = 512 * 1024 };

// `map_base` of a thread is its fiber. A joinable one's is held by whoever may join it, too.
static tessera_fiber* fiber_of(pthread_t thread) { return (tessera_fiber*)(void*)thread->map_base; }

static volatile int next_tid = 2;
extern _Thread_local jmp_buf __tessera_thread_end;  // thread_exit.c

volatile int __thread_list_lock;
void __tl_lock(void) {
    while (a_cas(&__thread_list_lock, 0, 1) != 0) {
        __wait(&__thread_list_lock, NULL, 1, 1);
    }
}
void __tl_unlock(void) {
    a_store(&__thread_list_lock, 0);
    __wake(&__thread_list_lock, 1, 1);
}

// From the first other thread on, the C library locks what threads share.
static void share_library(void) {
    static volatile int is_shared;
    if (a_cas(&is_shared, 0, 1) != 0) {
        return;
    }
    libc.can_do_threads = libc.threaded = 1;
    libc.need_locks = 1;
    for (FILE* file = *__ofl_lock(); file != NULL; file = file->next) {
        file->lock = file->lock < 0 ? 0 : file->lock;
    }
    __ofl_unlock();
    for (FILE* const* file = (FILE* const[]){stdin, stdout, stderr, NULL}; *file != NULL; ++file) {
        (*file)->lock = (*file)->lock < 0 ? 0 : (*file)->lock;
    }
}

void tessera_thread_begins(void) {
    share_library();
    pthread_t self = __pthread_self();
    if (self->self == NULL) {  // no thread of pthread_create's
        self->self = self->prev = self->next = self;
        self->robust_list.head = &self->robust_list.head;
        self->tid = a_fetch_add(&next_tid, 1);
        self->detach_state = DT_DETACHED;
    }
}

typedef struct {
    void* (*function)(void*);
    thrd_start_t c11;
    void* argument;
} thread_start;

static void enter(pthread_t thread) {
    pthread_t first = __pthread_self();
    __tl_lock();
    thread->next = first->next;
    thread->prev = first;
    thread->next->prev = thread;
    first->next = thread;
    __tl_unlock();
}

static void leave(pthread_t thread) {
    __tl_lock();
    thread->next->prev = thread->prev;
    thread->prev->next = thread->next;
    thread->prev = thread->next = thread;
    __tl_unlock();
}

static void finish(pthread_t self, void* result) {
    self->result = result;
    while (self->cancelbuf != NULL) {
        struct __ptcb* cleanup = self->cancelbuf;
        self->cancelbuf = cleanup->__next;
        cleanup->__f(cleanup->__x);
    }
    __pthread_tsd_run_dtors();
    leave(self);
    free(self->tsd);
    self->tsd = NULL;
    if (a_fetch_add(&libc.threads_minus_1, -1) == 1) {
        __wake(&libc.threads_minus_1, -1, 1);
    }
    (void)a_cas(&self->detach_state, DT_JOINABLE, DT_EXITED);
    __wake(&self->detach_state, -1, 1);
}

static void run_thread(void* argument) {
    thread_start start = *(thread_start*)argument;
    free(argument);
    pthread_t self = __pthread_self();
    if (setjmp(__tessera_thread_end) == 0) {
        self->result =
            start.function != NULL ? start.function(start.argument) : (void*)(intptr_t)start.c11(start.argument);
    }
    finish(self, self->result);
}

static int create(pthread_t* made, const pthread_attr_t* attributes, thread_start what) {
    thread_start* start = malloc(sizeof *start);
    void** values = calloc(PTHREAD_KEYS_MAX, sizeof(void*));
    tessera_fiber* fiber = tessera_fiber_make(run_thread, start);
    if (start == NULL || values == NULL || fiber == NULL) {
        free(start), free(values), free(fiber);
        return EAGAIN;
    }
    share_library();
    *start = what;
    pthread_t self = __pthread_self();
    pthread_t thread = tessera_fiber_variable(fiber, self);
    thread->self = thread;
    thread->robust_list.head = &thread->robust_list.head;
    thread->tid = a_fetch_add(&next_tid, 1);
    thread->tsd = values;
    thread->map_base = (unsigned char*)fiber;
    thread->locale = &libc.global_locale;
    const int is_detached = attributes != NULL && attributes->_a_detach != 0;
    thread->detach_state = is_detached ? DT_DETACHED : DT_JOINABLE;
    fiber->holders = is_detached ? 1 : 2;
    enter(thread);
    a_fetch_add(&libc.threads_minus_1, 1);
    const size_t stack =
        attributes != NULL && attributes->_a_stacksize > STACK_BYTES ? attributes->_a_stacksize : STACK_BYTES;
    *made = thread;
    if (tessera_fiber_begin(fiber, (uint32_t)stack) != TESSERA_STATUS_OK) {
        a_fetch_add(&libc.threads_minus_1, -1);
        leave(thread);
        free(start), free(values), free(fiber);
        return EAGAIN;
    }
    return 0;
}

int pthread_create(pthread_t* restrict made,
                   const pthread_attr_t* restrict attributes,
                   void* (*function)(void*),
                   void* restrict argument) {
    return create(made, attributes, (thread_start){.function = function, .argument = argument});
}
int thrd_create(thrd_t* made, thrd_start_t function, void* argument) {
    return create(made, NULL, (thread_start){.c11 = function, .argument = argument}) == 0 ? thrd_success : thrd_nomem;
}

static int join(pthread_t thread, void** result, clockid_t clock, const struct timespec* until) {
    if (thread == __pthread_self()) {
        return EDEADLK;
    }
    for (int state; (state = thread->detach_state) != DT_EXITED;) {
        if (state == DT_DETACHED) {
            return EINVAL;
        }
        const int error = __timedwait(&thread->detach_state, state, clock, until, 1);
        if (error == ETIMEDOUT || error == EINVAL) {
            return error;
        }
    }
    if (result != NULL) {
        *result = thread->result;
    }
    tessera_fiber_let_go(fiber_of(thread));
    return 0;
}
int pthread_join(pthread_t thread, void** result) { return join(thread, result, CLOCK_REALTIME, NULL); }
int pthread_tryjoin_np(pthread_t thread, void** result) {
    return thread->detach_state == DT_JOINABLE ? EBUSY : pthread_join(thread, result);
}
int pthread_timedjoin_np(pthread_t thread, void** result, const struct timespec* until) {
    return join(thread, result, CLOCK_REALTIME, until);
}
int thrd_join(thrd_t thread, int* result) {
    void* value = NULL;
    const int error = pthread_join(thread, &value);
    if (error == 0 && result != NULL) {
        *result = (int)(intptr_t)value;
    }
    return error == 0 ? thrd_success : thrd_error;
}

int pthread_detach(pthread_t thread) {
    switch (a_cas(&thread->detach_state, DT_JOINABLE, DT_DETACHED)) {
    case DT_JOINABLE:
    case DT_EXITED:
        if (thread->map_base != NULL) {  // not the first thread
            tessera_fiber_let_go(fiber_of(thread));
        }
        return 0;
    default:
        return EINVAL;
    }
}
int thrd_detach(thrd_t thread) { return pthread_detach(thread) == 0 ? thrd_success : thrd_error; }
