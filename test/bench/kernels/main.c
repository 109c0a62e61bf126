// kernels [FILTER [REPEATS]]: runs each kernel whose name holds FILTER (=NAME: only that one) and prints
// `kernel NAME CHECKSUM NANOSECONDS`, the best of REPEATS runs (2; the first warms caches and compilers up). 0: only names.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernels.h"

uint32_t kernel_seed = 12345;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int run_all(const struct kernel *kernel, const char *filter, int repeats) {
    int failures = 0;
    for (; kernel->name; kernel++) {
        if (*filter == '=' ? strcmp(kernel->name, filter + 1) != 0 : !strstr(kernel->name, filter)) {
            continue;
        }
        if (repeats == 0) {
            printf("kernel %s\n", kernel->name);
            continue;
        }
        uint64_t best = UINT64_MAX, sum = 0;
        for (int i = 0; i < repeats; i++) {
            const uint64_t begin = now();
            const uint64_t result = kernel->run();
            const uint64_t time = now() - begin;
            if (i && result != sum) {
                printf("kernel %s gave %016" PRIx64 ", then %016" PRIx64 "\n", kernel->name, sum, result);
                failures++;
            }
            sum = result;
            best = time < best ? time : best;
        }
        printf("kernel %s %016" PRIx64 " %" PRIu64 "\n", kernel->name, sum, best);
        fflush(stdout);
    }
    return failures;
}

int main(int argc, char **argv) {
    const char *filter = argc > 1 ? argv[1] : "";
    const int repeats = argc > 2 ? atoi(argv[2]) : 2;
    if (argc > 3) {
        kernel_seed = (uint32_t)atoi(argv[3]);
    }
    const struct kernel *const groups[] = {linear_kernels,  stencil_kernels,   signal_kernels,  crypto_kernels,
                                           text_kernels,    structure_kernels, control_kernels, dynamic_kernels,
                                           vector_kernels,  byte_kernels,      pointer_kernels, machine_kernels,
                                           lane_kernels};
    int failures = 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        failures += run_all(groups[i], filter, repeats);
    }
    return failures != 0;
}
