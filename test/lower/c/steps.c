// Constants taken out of address arithmetic: steps down from an address behind an index, and choices between two steps.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static int row(int *above, int *here, const unsigned char *a, const unsigned char *b, int n) {
    for (int j = 1; j <= n; j++) {
        const int replace = above[j - 1] + (a[j - 1] != b[n - j]), drop = above[j] + 1, add = here[j - 1] + 1;
        const int least = drop < add ? drop : add;
        here[j] = replace < least ? replace : least;
    }
    return here[n];
}

__attribute__((noinline)) static long around(const short *p, int i, int j) {
    const short *q = p + i * j;
    return q[-3] + 10L * q[-1] + 100L * q[0] + 1000L * q[2] + (long)(q - p);
}

__attribute__((noinline)) static int strings(const char *at, int *count) {
    int found = 0;
    while (*at) {
        if (*at != '\n') {
            at += *at == '\\' ? 2 : 1;
        } else {
            found += at[-1];
            at += at[1] == '\t' ? 3 : 1;
        }
        ++*count;
    }
    return found;
}

struct item { struct item *next; int value; char more[20]; };
__attribute__((noinline)) static int hop(const struct item *items, unsigned x) {
    int sum = 0;
    for (int i = 0; i < 20; i++, x = x * 1664525u + 1013904223u) {
        items += x & 4096 ? 3 : 1;
        sum = sum * 7 + items->value + (items - 1)->value;
    }
    return sum;
}

int main(void) {
    enum { N = 200 };
    int *rows = calloc(2 * (N + 1), sizeof *rows);
    unsigned char a[N], b[N];
    for (int i = 0; i < N; i++) {
        a[i] = (unsigned char)(i * 7 % 5);
        b[i] = (unsigned char)(i * 3 % 5);
        rows[i] = i;
    }
    rows[N] = N;
    for (int i = 1; i < 20; i++) {
        int *above = rows + (i + 1) % 2 * (N + 1), *here = rows + i % 2 * (N + 1);
        here[0] = i;
        printf("%d ", row(above, here, a, b, N));
    }
    short values[64];
    for (int i = 0; i < 64; i++) values[i] = (short)(i * i);
    printf("\n%ld %ld %ld\n", around(values, 3, 5), around(values + 30, -3, 5), around(values + 60, -1, 2));
    int count = 0;
    const int found = strings("a\\\"bc\n\tdef\\\\x\nyz\n\n\tq", &count);
    printf("%d %d\n", found, count);
    struct item *items = calloc(80, sizeof *items);
    for (int i = 0; i < 80; i++) items[i].value = i * 11;
    printf("%d %d\n", hop(items, 5), hop(items, 77));
    return 0;
}
