// What Rust's std asks of a process, a processor and a thread. There is one thread; what needs more fails as its
// manual page lets it.
#include "wasi.h"

#include <stdlib.h>
#include <string.h>

static void say(const char* text) {
    const uint32_t part[2] = {at(text), (uint32_t)strlen(text)};
    uint32_t done = 0;
    (void)wasi_fd_write(2, at(part), 1, at(&done));
}

// std has printed the panic's message by now.
_Noreturn void abort(void) { __builtin_trap(); }
_Noreturn void exit(int status) { wasi_proc_exit((uint32_t)status); }
_Noreturn void _exit(int status) { wasi_proc_exit((uint32_t)status); }

extern char** __environ;
char* getenv(const char* name) {
    const uint64_t length = strlen(name);
    for (char** entry = __environ; entry != NULL && *entry != NULL; ++entry) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            return *entry + length + 1;
        }
    }
    return NULL;
}

// ---- time and randomness: capabilities, so they may be missing ----

struct linux_time {
    int64_t seconds, nanoseconds;
};

int clock_gettime(int clock, struct linux_time* time) {
    uint64_t now = 0;
    const uint32_t error = wasi_clock_time_get(clock == 0 ? 0 : 1, 1, at(&now));
    if (error != 0) {
        return (int)tessera_failed(error);
    }
    *time = (struct linux_time){(int64_t)(now / 1000000000), (int64_t)(now % 1000000000)};
    return 0;
}

int nanosleep(const struct linux_time* wanted, struct linux_time* left) {
    struct {
        uint64_t user;
        uint8_t tag;
        _Alignas(8) uint32_t clock;
        uint64_t timeout, precision;
        uint16_t flags;
    } clock = {0, 0, 1, (uint64_t)wanted->seconds * 1000000000 + (uint64_t)wanted->nanoseconds, 1, 0};
    uint8_t event[32];
    uint32_t events = 0;
    if (left != NULL) {
        *left = (struct linux_time){0, 0};
    }
    const uint32_t error = wasi_poll_oneoff(at(&clock), at(event), 1, at(&events));
    return error != 0 ? (int)tessera_failed(error) : 0;
}

int clock_nanosleep(int clock, int flags, const struct linux_time* wanted, struct linux_time* left) {
    struct linux_time step = *wanted;
    if (flags != 0) {  // until a time, not for one
        struct linux_time now;
        if (clock_gettime(clock, &now) != 0) {
            return LINUX_EINVAL;
        }
        const int64_t by = (step.seconds - now.seconds) * 1000000000 + step.nanoseconds - now.nanoseconds;
        step = (struct linux_time){by < 0 ? 0 : by / 1000000000, by < 0 ? 0 : by % 1000000000};
    }
    return nanosleep(&step, left) == 0 ? 0 : LINUX_EINVAL;
}

// std's hash maps ask for keys "insecurely": without the grant they get the same ones at every start. Whoever asks for
// real randomness is refused then.
int64_t getrandom(void* into, uint64_t bytes, unsigned flags) {
    enum { INSECURE = 4 };
    const uint32_t error = wasi_random_get(at(into), (uint32_t)bytes);
    if (error == 0) {
        return (int64_t)bytes;
    }
    if ((flags & INSECURE) == 0) {
        return tessera_failed(error);
    }
    static uint64_t state = 0x9e3779b97f4a7c15;
    for (uint64_t i = 0; i < bytes; ++i) {
        state = state * 6364136223846793005 + 1442695040888963407;
        ((unsigned char*)into)[i] = (unsigned char)(state >> 56);
    }
    return (int64_t)bytes;
}

// ---- memory ----

void* mmap64(void* wanted, uint64_t bytes, int protection, int flags, int fd, int64_t offset) {
    (void)wanted, (void)protection, (void)flags, (void)offset;
    void* start = NULL;
    if (fd >= 0 || posix_memalign(&start, 4096, bytes) != 0) {
        tessera_refused(fd >= 0 ? LINUX_ENOSYS : LINUX_ENOMEM);
        return (void*)-1;
    }
    return memset(start, 0, bytes);
}
int munmap(void* start, uint64_t bytes) {
    (void)bytes;
    free(start);
    return 0;
}
int mprotect(void* start, uint64_t bytes, int protection) {
    (void)start, (void)bytes, (void)protection;
    return 0;
}

// ---- threads ----

uint64_t pthread_self(void) { return 1; }
int gettid(void) { return 1; }
int getpid(void) { return 1; }
int sched_yield(void) { return 0; }
int pthread_create(void* thread, const void* attributes, void* start, void* argument) {
    (void)thread, (void)attributes, (void)start, (void)argument;
    return LINUX_EAGAIN;
}
int pthread_join(uint64_t thread, void** result) {
    (void)thread, (void)result;
    return LINUX_EINVAL;
}
int pthread_detach(uint64_t thread) {
    (void)thread;
    return 0;
}
int pthread_attr_init(void* attributes) {
    (void)attributes;
    return 0;
}
int pthread_attr_destroy(void* attributes) {
    (void)attributes;
    return 0;
}
int pthread_attr_setstacksize(void* attributes, uint64_t bytes) {
    (void)attributes, (void)bytes;
    return 0;
}
int pthread_getattr_np(uint64_t thread, void* attributes) {
    (void)thread, (void)attributes;
    return LINUX_ENOSYS;
}
int pthread_attr_getstack(const void* attributes, void** start, uint64_t* bytes) {
    (void)attributes, (void)start, (void)bytes;
    return LINUX_ENOSYS;
}
int pthread_setname_np(uint64_t thread, const char* name) {
    (void)thread, (void)name;
    return 0;
}

enum { KEYS_MAX = 128 };
static void* key_values[KEYS_MAX];
int pthread_key_create(uint32_t* key, void (*at_end)(void*)) {
    static uint32_t next = 1;
    (void)at_end;  // a thread that never ends
    if (next == KEYS_MAX) {
        return LINUX_EAGAIN;
    }
    *key = next++;
    return 0;
}
int pthread_key_delete(uint32_t key) {
    (void)key;
    return 0;
}
int pthread_setspecific(uint32_t key, void* value) {
    key_values[key % KEYS_MAX] = value;
    return 0;
}
void* pthread_getspecific(uint32_t key) { return key_values[key % KEYS_MAX]; }

// ---- the rest ----

int64_t syscall(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
    (void)e, (void)f;
    enum { FUTEX = 202, FUTEX_WAIT = 0, FUTEX_WAIT_BITSET = 9, FUTEX_COMMANDS = 127, GETRANDOM = 318 };
    if (number == GETRANDOM) {
        return getrandom((void*)a, b, (unsigned)c);
    }
    if (number != FUTEX) {
        return tessera_refused(LINUX_ENOSYS);
    }
    const int command = (int)b & FUTEX_COMMANDS;
    if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) {
        return 0;  // nobody to wake
    }
    if (*(const volatile uint32_t*)a != (uint32_t)c) {
        return tessera_refused(LINUX_EAGAIN);
    }
    if (d == 0) {
        say("the only thread waits for another: a deadlock\n");
        __builtin_trap();
    }
    (void)clock_nanosleep(1, command == FUTEX_WAIT_BITSET, (const struct linux_time*)d, NULL);
    return tessera_refused(LINUX_ETIMEDOUT);
}

int64_t sysconf(int name) {
    enum { PAGE_SIZE = 30, PROCESSORS = 83, PROCESSORS_ONLINE = 84 };
    return name == PAGE_SIZE                                 ? 4096
           : name == PROCESSORS || name == PROCESSORS_ONLINE ? 1
                                                             : tessera_refused(LINUX_EINVAL);
}
uint64_t getauxval(uint64_t type) {
    (void)type;
    return 0;
}
int sched_getaffinity(int process, uint64_t bytes, void* set) {
    (void)process, (void)bytes, (void)set;
    return (int)tessera_refused(LINUX_ENOSYS);
}

// Signals do not exist. That one is ignored already keeps std from preparing for it.
int sigaction(int number, const void* action, uint64_t* before) {
    (void)number, (void)action;
    if (before != NULL) {
        memset(before, 0, 152);
        before[0] = 1;
    }
    return 0;
}
uint64_t signal(int number, uint64_t handler) {
    (void)number, (void)handler;
    return 0;
}
int sigaltstack(const void* stack, void* before) {
    (void)stack, (void)before;
    return 0;
}
int pause(void) {
    say("waits for a signal, which never comes\n");
    __builtin_trap();
}
