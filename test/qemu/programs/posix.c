#define _GNU_SOURCE
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static int wrong;
static void check(int right, const char* what) {
    if (!right) {
        ++wrong;
        printf("wrong: %s (errno %d)\n", what, errno);
    }
}
#define CHECK(what) check(what, #what)

static volatile int caught;
static void on_signal(int number) { caught = number; }
static void on_information(int number, siginfo_t* information, void* context) {
    (void)context;
    caught = number + information->si_signo * 100;
}

static void descriptors(void) {
    int file = open("/tmp/file", O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && write(file, "abcdef", 6) == 6);
    int other = dup(file);
    char text[8] = "";
    CHECK(other >= 0 && lseek(other, 1, SEEK_SET) == 1 && read(file, text, 2) == 2 && memcmp(text, "bc", 2) == 0);
    CHECK(close(file) == 0 && read(other, text, 3) == 3 && memcmp(text, "def", 3) == 0);
    CHECK(dup2(other, 40) == 40 && fcntl(40, F_DUPFD, 50) == 50 && lseek(50, 0, SEEK_CUR) == 6);
    CHECK(flock(50, LOCK_EX) == 0 && dup(99) == -1 && errno == EBADF);
    int ends[2];
    CHECK(pipe(ends) == 0 && write(ends[1], "through", 7) == 7 && read(ends[0], text, 8) == 7);
    CHECK(memcmp(text, "through", 7) == 0 && read(ends[0], text, 1) == -1 && errno == EAGAIN);
    CHECK(close(ends[1]) == 0 && read(ends[0], text, 1) == 0);
    char name[] = "/tmp/dXXXXXX";
    struct stat found;
    CHECK(mkdtemp(name) == name && stat(name, &found) == 0 && S_ISDIR(found.st_mode));
    char path[4096];
    CHECK(realpath("/tmp/../tmp/./file", path) == path && strcmp(path, "/tmp/file") == 0);
    CHECK(realpath("/tmp/none", path) == NULL && errno == ENOENT);
    CHECK(chown("/tmp/file", 0, 0) == 0 && chown("/tmp/file", 1, 1) == -1 && errno == EPERM);
}

static void devices(void) {
    unsigned char bytes[64] = {1};
    int file = open("/dev/zero", O_RDONLY);
    CHECK(file >= 0 && read(file, bytes, 64) == 64 && bytes[0] == 0 && bytes[63] == 0);
    file = open("/dev/null", O_RDWR);
    CHECK(file >= 0 && write(file, "x", 1) == 1 && read(file, bytes, 1) == 0);
    file = open("/dev/urandom", O_RDONLY);
    CHECK(file >= 0 && read(file, bytes, 64) == 64);
    int sum = 0;
    for (int i = 0; i < 64; ++i) {
        sum |= bytes[i];
    }
    CHECK(sum != 0);
    file = open("/dev/full", O_WRONLY);
    CHECK(file >= 0 && write(file, "x", 1) == -1 && errno == ENOSPC);
    FILE* out = fopen("/dev/stdout", "w");
    CHECK(out != NULL && fputs("to standard output\n", out) >= 0 && fclose(out) == 0);
}

static void signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0 && caught == SIGUSR1);
    sigset_t set;
    sigset_t pending;
    caught = 0;
    CHECK(sigemptyset(&set) == 0 && sigaddset(&set, SIGUSR1) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0 && caught == 0 && sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1));
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 && caught == SIGUSR1);
    action = (struct sigaction){.sa_sigaction = on_information, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
    struct sigaction now;
    CHECK(sigaction(SIGTERM, &action, NULL) == 0 && raise(SIGTERM) == 0 && caught == SIGTERM * 101);
    CHECK(sigaction(SIGTERM, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
    CHECK(signal(SIGINT, SIG_IGN) == SIG_DFL && raise(SIGINT) == 0 && kill(12345, 0) == -1 && errno == ESRCH);
}

static int once_count;
static void count_once(void) { ++once_count; }
static void* give_back(void* argument) { return argument; }

static void threads(void) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    CHECK(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_trylock(&mutex) == EBUSY &&
          pthread_mutex_unlock(&mutex) == 0);
    pthread_mutexattr_t kind;
    CHECK(pthread_mutexattr_init(&kind) == 0 && pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE) == 0);
    CHECK(pthread_mutex_init(&mutex, &kind) == 0 && pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == 0);
    pthread_t thread;
    void* given = NULL;
    CHECK(pthread_create(&thread, NULL, give_back, &wrong) == 0 && pthread_join(thread, &given) == 0 &&
          given == &wrong && pthread_kill(pthread_self(), 0) == 0);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    CHECK(pthread_once(&once, count_once) == 0 && pthread_once(&once, count_once) == 0 && once_count == 1);
    pthread_key_t key;
    CHECK(pthread_key_create(&key, NULL) == 0 && pthread_setspecific(key, &wrong) == 0 &&
          pthread_getspecific(key) == &wrong);
    struct timespec soon;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    clock_gettime(CLOCK_REALTIME, &soon);
    CHECK(pthread_cond_timedwait(&condition, &mutex, &soon) == ETIMEDOUT);
    sem_t semaphore;
    CHECK(sem_init(&semaphore, 0, 1) == 0 && sem_wait(&semaphore) == 0 && sem_trywait(&semaphore) == -1 &&
          errno == EAGAIN);
    mtx_t other;
    CHECK(mtx_init(&other, mtx_plain) == thrd_success && mtx_lock(&other) == thrd_success &&
          mtx_trylock(&other) == thrd_busy);
}

static int compare(const void* one, const void* other, void* calls) {
    ++*(int*)calls;
    return *(const int*)one - *(const int*)other;
}

static void others(void) {
    int numbers[] = {5, 3, 9, 1, 7, 1, 0};
    int calls = 0;
    qsort_r(numbers, 7, sizeof(int), compare, &calls);
    CHECK(numbers[0] == 0 && numbers[1] == 1 && numbers[2] == 1 && numbers[5] == 7 && numbers[6] == 9 && calls > 6);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 1024);
    limit.rlim_cur = 100;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 100);
    char name[64];
    CHECK(getpagesize() > 0 && gethostname(name, sizeof name) == 0 && strlen(name) > 0 && getpwuid(0) == NULL);
    void* memory = memalign(256, 100);
    CHECK(memory != NULL && (unsigned long)memory % 256 == 0);
    CHECK(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EAFNOSUPPORT && fork() == -1 && errno == ENOSYS);
    CHECK(waitpid(-1, NULL, 0) == -1 && errno == ECHILD && getgrnam("staff") == NULL && dlopen("x", RTLD_NOW) == NULL);
    struct termios terminal;
    CHECK(dlerror() != NULL && tcgetattr(0, &terminal) == -1 && errno == ENOTTY);
    const time_t summer = 1720000000;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    CHECK(localtime(&summer)->tm_hour == 11 && localtime(&summer)->tm_isdst == 1 && timezone == -3600);
    CHECK(strcmp(tzname[1], "CEST") == 0);
}

int main(void) {
    descriptors();
    devices();
    signals();
    threads();
    others();
    warn("program");
    printf("%d wrong\n", wrong);
    fflush(stdout);
    raise(SIGHUP);
}
