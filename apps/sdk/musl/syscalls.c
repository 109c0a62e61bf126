// The system calls that musl's own sources make: waiting for a word of the program's memory, and counting cores.
#include "../threads/cores.h"
#include "pthread_impl.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
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

static long futex(volatile void* address, int operation, int value, const void* more) {
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

static long affinity(size_t bytes, unsigned char* set) {
    const uint32_t cores = tessera_cores_at_once();
    memset(set, 0, bytes);
    for (uint32_t i = 0; i < cores && i < 8 * bytes; ++i) {
        set[i / 8] |= (unsigned char)(1u << (i % 8));
    }
    return (long)bytes;
}

long __tessera_syscall(long number, volatile void* address, int operation, int value, const void* more) {
    switch (number) {
    case SYS_futex:
        return futex(address, operation, value, more);
    case SYS_sched_getaffinity:
        return affinity((size_t)operation, (unsigned char*)(uintptr_t)value);
    default:
        return -ENOSYS;
    }
}

// The same, where musl has a thread cancelled, which is not done here.
long(__syscall_cp)(syscall_arg_t number,
                   syscall_arg_t a,
                   syscall_arg_t b,
                   syscall_arg_t c,
                   syscall_arg_t d,
                   syscall_arg_t e,
                   syscall_arg_t f) {
    (void)e, (void)f;
    return __tessera_syscall(number, (volatile void*)a, (int)b, (int)c, (const void*)d);
}

// Nothing is unmapped, and no signal comes from outside.
void __vm_wait(void) {}
void __vm_lock(void) {}
void __vm_unlock(void) {}
void __block_app_sigs(void* set) { (void)set; }
void __restore_sigs(void* set) { (void)set; }
