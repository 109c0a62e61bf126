// Vectors of 256 and 512 bits in arguments and results, through functions that are called for the first time.
#include <stdint.h>
#include <stdio.h>

typedef double d8 __attribute__((vector_size(64)));
typedef int64_t l4 __attribute__((vector_size(32)));

__attribute__((noinline)) static l4 twice(l4 a, l4 b, l4 c) { return a + b * 2 + c; }
__attribute__((noinline)) static d8 mixed(d8 a, l4 b, double c, d8 d) {
    const l4 e = twice(b, b, b);
    return a * d + (double)(e[0] + e[1] + e[2] + e[3]) + c;
}

int main(void) {
    d8 (*volatile hidden)(d8, l4, double, d8) = mixed;
    const d8 a = {1, 2, 3, 4, 5, 6, 7, 8}, d = {8, 7, 6, 5, 4, 3, 2, 1};
    const l4 b = {10, 20, 30, 40};
    d8 total = {0};
    for (int i = 0; i < 3; i++) {
        total += hidden(a, b, i, d);
    }
    for (int i = 0; i < 8; i++) {
        printf("%g ", total[i]);
    }
    printf("\n");
    return 0;
}
