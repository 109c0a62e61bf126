// Takes what its argument says until it gets no more, and then goes on asking for a while.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static __externref_t slots[0];
static volatile int sink;

static void take_memory(void) {
    for (;;) {
        const unsigned long old = __builtin_wasm_memory_grow(0, 16);
        if (old == (unsigned long)-1) {
            return;
        }
        for (unsigned long at = old * 65536; at < (old + 16) * 65536; at += 4096) {
            *(volatile char*)at = 1;
        }
    }
}

static int take_table(void) {
    int size = 0;
    for (int more = 64; more < 1 << 20; more *= 2) {
        if (__builtin_wasm_table_grow(slots, __builtin_wasm_ref_null_extern(), more) >= 0) {
            size += more;
        }
    }
    return size;
}

// Each call asks the kernel for something, which then has to have stack of its own.
__attribute__((noinline)) static int take_stack(int depth) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return depth == 0 ? sink : sink + depth + take_stack(depth - 1) * sink;
}

static int take_files(void) {
    int count = 0;
    while (open("/files/line", O_RDONLY) >= 0) {
        ++count;
    }
    return count;
}

int main(int argc, char** argv) {
    const char* what = argc > 1 ? argv[1] : "memory";
    sleep(1);  // all are loaded then
    const time_t start = time(NULL);
    do {
        take_memory();
        if (strcmp(what, "table") == 0) {
            take_table();
        } else if (strcmp(what, "stack") == 0) {
            take_stack(100000);
        } else if (strcmp(what, "files") == 0) {
            take_files();
        }
    } while (time(NULL) - start < 2);
    return 0;
}
