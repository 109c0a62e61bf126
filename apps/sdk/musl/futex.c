// How musl's threads wait: for a word of the program's memory.
#include "pthread_impl.h"

#include <stdbool.h>
#include <stdio.h>
#include <tessera/domain.h>

extern bool tessera_is_called;

// In a program that has one thread, and that nobody calls, nothing will come.
static _Noreturn void never(void) {
    fputs("the program waits for another thread, and there is none\n", stderr);
    abort();
}

static uint64_t nanoseconds_of(const struct timespec* time) {
    const uint64_t most = TESSERA_FOR_EVER / 1000000000;
    return (uint64_t)time->tv_sec < most ? (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_nsec
                                         : TESSERA_FOR_EVER;
}

long __tessera_futex(volatile void* address, int operation, int value, const void* more) {
    switch (operation & ~FUTEX_PRIVATE) {
    case FUTEX_WAIT:
        if (more == NULL && !tessera_is_called) {
            never();
        }
        switch (tessera_domain_wait(address, (uint32_t)value, more != NULL ? nanoseconds_of(more) : TESSERA_FOR_EVER)) {
        case TESSERA_LATE:
            return -ETIMEDOUT;
        case TESSERA_CHANGED:
            return -EAGAIN;
        default:
            return 0;
        }
    case FUTEX_WAKE:
        return (long)tessera_domain_wake(address, (uint32_t)value);
    case FUTEX_REQUEUE:  // the one that would be queued elsewhere goes there by itself
        return (long)tessera_domain_wake(address, 1);
    default:
        return -ENOSYS;
    }
}

// Nothing is unmapped, and no signal comes from outside.
void __vm_wait(void) {}
void __vm_lock(void) {}
void __vm_unlock(void) {}
void __block_app_sigs(void* set) { (void)set; }
void __restore_sigs(void* set) { (void)set; }
