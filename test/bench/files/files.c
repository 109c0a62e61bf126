// What files cost a C program: granted ones, which are somebody else's, and its own. Nanoseconds for each call.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TIMES = 20000, ROUNDS = 5 };

static char buffer[65536];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

// The best of some rounds, since others use the machine, too.
#define MEASURE(name, work)                                            \
    do {                                                               \
        double best = 1e18;                                            \
        for (int round = 0; round < ROUNDS; ++round) {                 \
            const double start = now();                                \
            for (int i = 0; i < TIMES; ++i) {                          \
                work;                                                  \
            }                                                          \
            const double taken = (now() - start) / TIMES;              \
            best = taken < best ? taken : best;                        \
        }                                                              \
        printf("%-24s %10.0f ns\n", name, best);                       \
    } while (0)

static int failed;
static void must(int good) { failed |= !good; }

int main(void) {
    memset(buffer, 'x', sizeof buffer);
    const int granted = open("/data/small.txt", O_RDONLY);
    const int own = open("/tmp/own", O_RDWR | O_CREAT, 0600);
    must(granted >= 0 && own >= 0 && write(own, buffer, sizeof buffer) == sizeof buffer);
    struct stat found;
    MEASURE("granted: open, close", must(close(open("/data/small.txt", O_RDONLY)) == 0));
    MEASURE("granted: stat", must(stat("/data/small.txt", &found) == 0));
    MEASURE("granted: read 64 bytes", must(pread(granted, buffer, 64, 0) == 64));
    MEASURE("granted: read 4 KiB", must(pread(granted, buffer, 4096, 0) == 4096));
    MEASURE("own: open, close", must(close(open("/tmp/own", O_RDONLY)) == 0));
    MEASURE("own: stat", must(stat("/tmp/own", &found) == 0));
    MEASURE("own: read 64 bytes", must(pread(own, buffer, 64, 0) == 64));
    MEASURE("own: read 4 KiB", must(pread(own, buffer, 4096, 0) == 4096));
    MEASURE("own: write 64 bytes", must(lseek(own, 0, SEEK_SET) == 0 && write(own, buffer, 64) == 64));
    MEASURE("own: write 4 KiB", must(lseek(own, 0, SEEK_SET) == 0 && write(own, buffer, 4096) == 4096));
    MEASURE("own: create, remove", must(close(open("/tmp/new", O_RDWR | O_CREAT, 0600)) == 0 && unlink("/tmp/new") == 0));
    return failed;
}
