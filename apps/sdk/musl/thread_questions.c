// What a thread can be asked and told by others, as far as there is an answer.
#define _GNU_SOURCE
#include "pthread_impl.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <threads.h>

int pthread_kill(pthread_t thread, int signal) {
    return thread != __pthread_self() ? (signal == 0 ? 0 : ENOTSUP) : signal == 0 || raise(signal) == 0 ? 0 : errno;
}
int pthread_cancel(pthread_t thread) {
    (void)thread;
    return ENOTSUP;
}
int pthread_setname_np(pthread_t thread, const char* name) {
    (void)thread;
    return strlen(name) > 15 ? ERANGE : 0;
}
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param* parameters) {
    (void)thread, (void)parameters;
    return policy == SCHED_OTHER ? 0 : EPERM;
}
int pthread_getschedparam(pthread_t thread, int* restrict policy, struct sched_param* restrict parameters) {
    (void)thread;
    *policy = SCHED_OTHER;
    *parameters = (struct sched_param){0};
    return 0;
}
int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t* set) {
    (void)thread;
    return sched_setaffinity(0, bytes, set) == 0 ? 0 : errno;
}
int pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t* set) {
    (void)thread;
    return sched_getaffinity(0, bytes, set) == 0 ? 0 : errno;
}

void thrd_yield(void) { (void)sched_yield(); }
