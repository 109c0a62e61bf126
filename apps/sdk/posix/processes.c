// There is one process, the program's own: no other can be started, waited for, or put elsewhere.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int refuse(int error) {
    errno = error;
    return -1;
}

pid_t fork(void) { return refuse(ENOSYS); }
pid_t vfork(void) { return refuse(ENOSYS); }
pid_t _Fork(void) { return refuse(ENOSYS); }
int daemon(int keeps_folder, int keeps_files) {
    (void)keeps_folder, (void)keeps_files;
    return refuse(ENOSYS);
}

int execve(const char* file, char* const words[], char* const variables[]) {
    (void)file, (void)words, (void)variables;
    return refuse(ENOSYS);
}
int execv(const char* file, char* const words[]) { return execve(file, words, NULL); }
int execvp(const char* file, char* const words[]) { return execve(file, words, NULL); }
int execvpe(const char* file, char* const words[], char* const variables[]) { return execve(file, words, variables); }
int fexecve(int file, char* const words[], char* const variables[]) {
    (void)file;
    return execve(NULL, words, variables);
}
int execl(const char* file, const char* word, ...) {
    (void)word;
    return execve(file, NULL, NULL);
}
int execlp(const char* file, const char* word, ...) {
    (void)word;
    return execve(file, NULL, NULL);
}
int execle(const char* file, const char* word, ...) {
    (void)word;
    return execve(file, NULL, NULL);
}

int posix_spawn(pid_t* restrict process,
                const char* restrict file,
                const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* restrict attributes,
                char* const* restrict words,
                char* const* restrict variables) {
    (void)process, (void)file, (void)actions, (void)attributes, (void)words, (void)variables;
    return ENOSYS;
}
int posix_spawnp(pid_t* restrict process,
                 const char* restrict file,
                 const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* restrict attributes,
                 char* const* restrict words,
                 char* const* restrict variables) {
    return posix_spawn(process, file, actions, attributes, words, variables);
}
int posix_spawn_file_actions_init(posix_spawn_file_actions_t* actions) {
    memset(actions, 0, sizeof *actions);
    return 0;
}
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t* actions) {
    (void)actions;
    return 0;
}
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int from, int to) {
    (void)actions, (void)from, (void)to;
    return 0;
}
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t* actions, int file) {
    (void)actions, (void)file;
    return 0;
}
int posix_spawn_file_actions_addopen(
    posix_spawn_file_actions_t* restrict actions, int file, const char* restrict name, int flags, mode_t mode) {
    (void)actions, (void)file, (void)name, (void)flags, (void)mode;
    return 0;
}
int posix_spawnattr_init(posix_spawnattr_t* attributes) {
    memset(attributes, 0, sizeof *attributes);
    return 0;
}
int posix_spawnattr_destroy(posix_spawnattr_t* attributes) {
    (void)attributes;
    return 0;
}
int posix_spawnattr_setflags(posix_spawnattr_t* attributes, short flags) {
    attributes->__flags = flags;
    return 0;
}

pid_t waitpid(pid_t process, int* status, int options) {
    (void)process, (void)status, (void)options;
    return refuse(ECHILD);
}
pid_t wait(int* status) { return waitpid(-1, status, 0); }
int waitid(idtype_t kind, id_t id, siginfo_t* information, int options) {
    (void)kind, (void)id, (void)information, (void)options;
    return refuse(ECHILD);
}
pid_t wait4(pid_t process, int* status, int options, struct rusage* usage) {
    (void)usage;
    return waitpid(process, status, options);
}
pid_t wait3(int* status, int options, struct rusage* usage) { return wait4(-1, status, options, usage); }

// It leads its group and its session, which have nobody else in them.
static int is_own(pid_t process) { return process == 0 || process == getpid(); }
pid_t getppid(void) { return 0; }
pid_t getpgrp(void) { return getpid(); }
pid_t getpgid(pid_t process) { return is_own(process) ? getpid() : refuse(ESRCH); }
pid_t getsid(pid_t process) { return is_own(process) ? getpid() : refuse(ESRCH); }
int setpgid(pid_t process, pid_t group) { return is_own(process) && is_own(group) ? 0 : refuse(EPERM); }
pid_t setpgrp(void) { return getpid(); }
pid_t setsid(void) { return refuse(EPERM); }
pid_t gettid(void) { return getpid(); }

int nice(int more) {
    (void)more;
    return 0;
}

// No clock interrupts a program.
unsigned alarm(unsigned seconds) {
    (void)seconds;
    return 0;
}
int setitimer(int which, const struct itimerval* restrict to, struct itimerval* restrict before) {
    (void)which, (void)to, (void)before;
    return refuse(ENOSYS);
}
int getitimer(int which, struct itimerval* now) {
    (void)which;
    *now = (struct itimerval){0};
    return 0;
}
unsigned ualarm(unsigned time, unsigned interval) {
    (void)time, (void)interval;
    return 0;
}

// One processor, which all take turns on alike.
int sched_getcpu(void) { return 0; }
int sched_get_priority_max(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR ? 99 : 0; }
int sched_get_priority_min(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR ? 1 : 0; }
int sched_getscheduler(pid_t process) { return is_own(process) ? SCHED_OTHER : refuse(ESRCH); }
int sched_setscheduler(pid_t process, int policy, const struct sched_param* parameters) {
    (void)parameters;
    return is_own(process) && policy == SCHED_OTHER ? 0 : refuse(EPERM);
}
int sched_getparam(pid_t process, struct sched_param* parameters) {
    *parameters = (struct sched_param){0};
    return is_own(process) ? 0 : refuse(ESRCH);
}
int sched_setparam(pid_t process, const struct sched_param* parameters) {
    return is_own(process) && parameters->sched_priority == 0 ? 0 : refuse(EPERM);
}
int sched_rr_get_interval(pid_t process, struct timespec* time) {
    *time = (struct timespec){.tv_nsec = 100000000};
    return is_own(process) ? 0 : refuse(ESRCH);
}
int sched_getaffinity(pid_t process, size_t bytes, cpu_set_t* set) {
    if (!is_own(process) || bytes == 0) {
        return refuse(is_own(process) ? EINVAL : ESRCH);
    }
    memset(set, 0, bytes);
    CPU_SET_S(0, bytes, set);
    return 0;
}
int sched_setaffinity(pid_t process, size_t bytes, const cpu_set_t* set) {
    return is_own(process) && CPU_ISSET_S(0, bytes, set) ? 0 : refuse(EINVAL);
}
int __sched_cpucount(size_t bytes, const cpu_set_t* set) {
    int count = 0;
    for (size_t i = 0; i < bytes; ++i) {
        count += __builtin_popcount(((const unsigned char*)set)[i]);
    }
    return count;
}
