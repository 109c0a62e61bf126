// Waiting until a time, of a clock that musl knows by its number (0 or 1, in conditions) or by its name, which is an
// address here.
#include "pthread_impl.h"

#include <time.h>

static clockid_t clock_of(clockid_t number) {
    return number == (clockid_t)0 ? CLOCK_REALTIME : number == (clockid_t)1 ? CLOCK_MONOTONIC : number;
}

int __timedwait_cp(volatile int* address, int value, clockid_t clock, const struct timespec* until, int is_private) {
    (void)is_private;
    struct timespec left;
    if (until != NULL) {
        if ((unsigned long)until->tv_nsec >= 1000000000UL || clock_gettime(clock_of(clock), &left) != 0) {
            return EINVAL;
        }
        left.tv_sec = until->tv_sec - left.tv_sec;
        left.tv_nsec = until->tv_nsec - left.tv_nsec;
        if (left.tv_nsec < 0) {
            --left.tv_sec;
            left.tv_nsec += 1000000000;
        }
        if (left.tv_sec < 0) {
            return ETIMEDOUT;
        }
    }
    const long end = __tessera_futex(address, FUTEX_WAIT, value, until != NULL ? &left : NULL);
    return end == -ETIMEDOUT ? ETIMEDOUT : 0;
}

int __timedwait(volatile int* address, int value, clockid_t clock, const struct timespec* until, int is_private) {
    return __timedwait_cp(address, value, clock, until, is_private);
}

int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        return EINVAL;
    }
    attributes->__attr = (attributes->__attr & 0x80000000u) | (clock == CLOCK_MONOTONIC ? 1 : 0);
    return 0;
}
