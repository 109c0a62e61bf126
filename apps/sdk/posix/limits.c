// What a program may have is its account's matter and can't be asked for here; what it sets itself is kept and given
// back.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 1024, PAGE = 65536 };  // as apps/sdk/wasi/table.c has it; WebAssembly's page

static struct rlimit limits[RLIM_NLIMITS];

static const struct rlimit* limit_of(int which) {
    static char is_set;
    if (!is_set) {
        is_set = 1;
        for (int i = 0; i < RLIM_NLIMITS; ++i) {
            limits[i] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
        }
        limits[RLIMIT_NOFILE] = (struct rlimit){DESCRIPTORS_MAX, DESCRIPTORS_MAX};
        limits[RLIMIT_CORE] = (struct rlimit){0, 0};
    }
    if (which < 0 || which >= RLIM_NLIMITS) {
        errno = EINVAL;
        return NULL;
    }
    return &limits[which];
}

int getrlimit(int which, struct rlimit* limit) {
    const struct rlimit* found = limit_of(which);
    return found != NULL ? (*limit = *found, 0) : -1;
}

int setrlimit(int which, const struct rlimit* limit) {
    const struct rlimit* found = limit_of(which);
    if (found == NULL) {
        return -1;
    }
    if (limit->rlim_cur > limit->rlim_max || limit->rlim_max > found->rlim_max) {
        errno = limit->rlim_cur > limit->rlim_max ? EINVAL : EPERM;
        return -1;
    }
    limits[which] = *limit;
    return 0;
}

int prlimit(pid_t process, int which, const struct rlimit* to, struct rlimit* before) {
    if (process != 0 && process != getpid()) {
        errno = ESRCH;
        return -1;
    }
    if (before != NULL && getrlimit(which, before) != 0) {
        return -1;
    }
    return to != NULL ? setrlimit(which, to) : 0;
}

int getpriority(int which, id_t who) {
    (void)which, (void)who;
    return 0;
}
int setpriority(int which, id_t who, int priority) {
    (void)which, (void)who;
    return priority >= 0 ? 0 : (errno = EACCES, -1);
}

int getpagesize(void) { return PAGE; }
int getdtablesize(void) { return DESCRIPTORS_MAX; }
int getloadavg(double* loads, int count) {
    (void)loads, (void)count;
    return -1;
}
