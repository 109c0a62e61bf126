// One thread, the program itself. To start another fails as it does where there are too many.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

enum { KEYS_MAX = 128, STACK_BYTES = 131072, DESTRUCTOR_ROUNDS = 4 };

#define SELF ((pthread_t)1)

pthread_t pthread_self(void) { return SELF; }
thrd_t thrd_current(void) { return SELF; }
int(pthread_equal)(pthread_t one, pthread_t other) { return one == other; }
int(thrd_equal)(thrd_t one, thrd_t other) { return one == other; }

int pthread_create(pthread_t* restrict made,
                   const pthread_attr_t* restrict attributes,
                   void* (*function)(void*),
                   void* restrict argument) {
    (void)made, (void)attributes, (void)function, (void)argument;
    return EAGAIN;
}
int thrd_create(thrd_t* made, thrd_start_t function, void* argument) {
    (void)made, (void)function, (void)argument;
    return thrd_nomem;
}
int pthread_join(pthread_t thread, void** result) {
    (void)result;
    return thread == SELF ? EDEADLK : ESRCH;
}
int thrd_join(thrd_t thread, int* result) {
    (void)thread, (void)result;
    return thrd_error;
}
int pthread_detach(pthread_t thread) { return thread == SELF ? 0 : ESRCH; }
int thrd_detach(thrd_t thread) { return thread == SELF ? thrd_success : thrd_error; }
int pthread_kill(pthread_t thread, int signal) {
    return thread != SELF ? ESRCH : signal == 0 || raise(signal) == 0 ? 0 : errno;
}
int pthread_cancel(pthread_t thread) { return thread == SELF ? ENOTSUP : ESRCH; }
int pthread_setcancelstate(int state, int* before) {
    if (before != NULL) {
        *before = PTHREAD_CANCEL_ENABLE;
    }
    return state == PTHREAD_CANCEL_ENABLE || state == PTHREAD_CANCEL_DISABLE ? 0 : EINVAL;
}
int pthread_setcanceltype(int kind, int* before) {
    if (before != NULL) {
        *before = PTHREAD_CANCEL_DEFERRED;
    }
    return kind == PTHREAD_CANCEL_DEFERRED || kind == PTHREAD_CANCEL_ASYNCHRONOUS ? 0 : EINVAL;
}
void pthread_testcancel(void) {}
int pthread_atfork(void (*before)(void), void (*parent)(void), void (*child)(void)) {
    (void)before, (void)parent, (void)child;
    return 0;
}
int pthread_setname_np(pthread_t thread, const char* name) {
    return thread != SELF ? ESRCH : strlen(name) > 15 ? ERANGE : 0;
}
int pthread_getconcurrency(void) { return 0; }
int pthread_setconcurrency(int level) { return level == 0 ? 0 : EAGAIN; }
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param* parameters) {
    (void)parameters;
    return thread != SELF ? ESRCH : policy == SCHED_OTHER ? 0 : EPERM;
}
int pthread_getschedparam(pthread_t thread, int* restrict policy, struct sched_param* restrict parameters) {
    *policy = SCHED_OTHER;
    *parameters = (struct sched_param){0};
    return thread == SELF ? 0 : ESRCH;
}
int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t* set) {
    return thread != SELF ? ESRCH : sched_setaffinity(0, bytes, set) == 0 ? 0 : errno;
}
int pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t* set) {
    return thread != SELF ? ESRCH : sched_getaffinity(0, bytes, set) == 0 ? 0 : errno;
}

int pthread_once(pthread_once_t* control, void (*function)(void)) {
    if (*control == 0) {
        *control = 1;
        function();
    }
    return 0;
}
void call_once(once_flag* control, void (*function)(void)) { (void)pthread_once(control, function); }

void thrd_yield(void) { (void)sched_yield(); }
int thrd_sleep(const struct timespec* time, struct timespec* left) {
    return nanosleep(time, left) == 0 ? 0 : errno == EINTR ? -1 : -2;
}

// ---- What belongs to a thread.
static const void* values[KEYS_MAX];
static void (*destructors[KEYS_MAX])(void*);
static char is_taken[KEYS_MAX];

static void nothing(void* value) { (void)value; }

int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
    for (unsigned i = 0; i < KEYS_MAX; ++i) {
        if (!is_taken[i]) {
            is_taken[i] = 1;
            values[i] = NULL;
            destructors[i] = destructor != NULL ? destructor : nothing;
            *key = i;
            return 0;
        }
    }
    return EAGAIN;
}
int pthread_key_delete(pthread_key_t key) {
    if (key >= KEYS_MAX || !is_taken[key]) {
        return EINVAL;
    }
    is_taken[key] = 0;
    return 0;
}
void* pthread_getspecific(pthread_key_t key) { return key < KEYS_MAX ? (void*)values[key] : NULL; }
int pthread_setspecific(pthread_key_t key, const void* value) {
    if (key >= KEYS_MAX || !is_taken[key]) {
        return EINVAL;
    }
    values[key] = value;
    return 0;
}
int tss_create(tss_t* key, tss_dtor_t destructor) {
    return pthread_key_create(key, destructor) == 0 ? thrd_success : thrd_error;
}
void tss_delete(tss_t key) { (void)pthread_key_delete(key); }
void* tss_get(tss_t key) { return pthread_getspecific(key); }
int tss_set(tss_t key, void* value) { return pthread_setspecific(key, value) == 0 ? thrd_success : thrd_error; }

static struct __ptcb* cleanups;
void _pthread_cleanup_push(struct __ptcb* record, void (*function)(void*), void* argument) {
    *record = (struct __ptcb){function, argument, cleanups};
    cleanups = record;
}
void _pthread_cleanup_pop(struct __ptcb* record, int run) {
    cleanups = record->__next;
    if (run) {
        record->__f(record->__x);
    }
}

// With its last thread the program ends, with 0.
_Noreturn void pthread_exit(void* result) {
    (void)result;
    while (cleanups != NULL) {
        _pthread_cleanup_pop(cleanups, 1);
    }
    for (unsigned round = 0; round < DESTRUCTOR_ROUNDS; ++round) {
        for (unsigned i = 0; i < KEYS_MAX; ++i) {
            void* value = (void*)values[i];
            values[i] = NULL;
            if (value != NULL && is_taken[i]) {
                destructors[i](value);
            }
        }
    }
    exit(0);
}
_Noreturn void thrd_exit(int result) {
    (void)result;
    pthread_exit(NULL);
}

// ---- What a thread would be started with: kept, for whoever asks.
enum { DETACHED, GUARD, STACK, POLICY, PRIORITY, INHERITS, SCOPE };

int pthread_attr_init(pthread_attr_t* attributes) {
    memset(attributes, 0, sizeof *attributes);
    attributes->__u.__s[STACK] = STACK_BYTES;
    return 0;
}
int pthread_attr_destroy(pthread_attr_t* attributes) {
    (void)attributes;
    return 0;
}
#define ATTRIBUTE(name, type, place)                                                                                   \
    int pthread_attr_set##name(pthread_attr_t* attributes, type value) {                                               \
        attributes->__u.__s[place] = (unsigned long)value;                                                             \
        return 0;                                                                                                      \
    }                                                                                                                  \
    int pthread_attr_get##name(const pthread_attr_t* restrict attributes, type* restrict value) {                      \
        *value = (type)attributes->__u.__s[place];                                                                     \
        return 0;                                                                                                      \
    }
ATTRIBUTE(detachstate, int, DETACHED)
ATTRIBUTE(guardsize, size_t, GUARD)
ATTRIBUTE(stacksize, size_t, STACK)
ATTRIBUTE(schedpolicy, int, POLICY)
ATTRIBUTE(inheritsched, int, INHERITS)
ATTRIBUTE(scope, int, SCOPE)
int pthread_attr_setschedparam(pthread_attr_t* restrict attributes, const struct sched_param* restrict parameters) {
    attributes->__u.__i[PRIORITY] = parameters->sched_priority;
    return 0;
}
int pthread_attr_getschedparam(const pthread_attr_t* restrict attributes, struct sched_param* restrict parameters) {
    *parameters = (struct sched_param){.sched_priority = attributes->__u.__i[PRIORITY]};
    return 0;
}
