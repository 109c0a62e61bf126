#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

// -errno. As of SYS_futex: for FUTEX_WAIT `more` is a time to wait for, or null.
long __tessera_syscall(long number, volatile void* address, int operation, int value, const void* more);

static inline long(__syscall1)(long n, long a) { return __tessera_syscall(n, (volatile void*)a, -1, 0, 0); }
static inline long(__syscall2)(long n, long a, long b) { return __tessera_syscall(n, (volatile void*)a, (int)b, 0, 0); }
static inline long(__syscall3)(long n, long a, long b, long c) {
    return __tessera_syscall(n, (volatile void*)a, (int)b, (int)c, 0);
}
static inline long(__syscall4)(long n, long a, long b, long c, long d) {
    return __tessera_syscall(n, (volatile void*)a, (int)b, (int)c, (const void*)d);
}
static inline long(__syscall5)(long n, long a, long b, long c, long d, long e) {
    return e, __tessera_syscall(n, (volatile void*)a, (int)b, (int)c, (const void*)d);
}
