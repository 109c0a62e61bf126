// One program, many ways to go wrong; the first argument chooses.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int zero;
static volatile int *volatile nowhere;
static void *volatile block;  // volatile: else a compiler may do without the allocations

__attribute__((noinline)) static int divide(int by) { return 100 / by; }

__attribute__((noinline)) static int read_null(void) { return *nowhere; }

__attribute__((noinline)) static int recurse(int depth) {
    volatile char frame[512];
    frame[depth & 511] = (char)depth;
    return recurse(depth + 1) + frame[(depth * 7) & 511];
}

int main(int argc, char **argv) {
    const char *fault = argc > 1 ? argv[1] : "none";
    printf("about to: %s\n", fault);
    fflush(stdout);
    if (!strcmp(fault, "divide")) {
        return divide(zero);
    }
    if (!strcmp(fault, "null")) {
        return read_null();
    }
    if (!strcmp(fault, "recurse")) {
        return recurse(0);
    }
    if (!strcmp(fault, "abort")) {
        abort();
    }
    if (!strcmp(fault, "loop")) {
        for (;;) {
        }
    }
    if (!strcmp(fault, "memory")) {
        size_t blocks = 0;
        while ((block = malloc(1 << 20))) {
            blocks++;
        }
        printf("malloc refused after some blocks: %d\n", blocks > 0);
        return 0;
    }
    if (!strcmp(fault, "status")) {
        return 7;
    }
    if (!strcmp(fault, "bad-call")) {
        int (*call)(int, int) = (int (*)(int, int))(void *)(size_t)zero;
        return call(1, 2);
    }
    return 0;
}
