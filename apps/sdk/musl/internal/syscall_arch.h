#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

// -errno. For FUTEX_WAIT `more` is a time to wait for, or null.
long __tessera_futex(volatile void* address, int operation, int value, const void* more);
long __tessera_affinity(int bytes, unsigned char* set);

// The numbers are constants, so that each caller brings along only what it calls.
static inline __attribute__((__always_inline__)) long __tessera_syscall(long number, long a, long b, long c, long d) {
    return number == SYS_futex               ? __tessera_futex((volatile void*)a, (int)b, (int)c, (const void*)d)
           : number == SYS_sched_getaffinity ? __tessera_affinity((int)b, (unsigned char*)c)
                                             : -ENOSYS;
}

static inline long(__syscall1)(long n, long a) { return __tessera_syscall(n, a, -1, 0, 0); }
static inline long(__syscall2)(long n, long a, long b) { return __tessera_syscall(n, a, b, 0, 0); }
static inline long(__syscall3)(long n, long a, long b, long c) { return __tessera_syscall(n, a, b, c, 0); }
static inline long(__syscall4)(long n, long a, long b, long c, long d) { return __tessera_syscall(n, a, b, c, d); }
static inline long(__syscall5)(long n, long a, long b, long c, long d, long e) {
    return e, __tessera_syscall(n, a, b, c, d);
}
