// Local objects that may lie on the machine's stack: indices of known width or range, steps down, blocks, recursion.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned state = 12345;
static unsigned next(void) {
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

__attribute__((noinline)) static uint64_t by_byte(const unsigned char *text, int n) {
    uint32_t counts[256];
    memset(counts, 0, sizeof counts);
    for (int i = 0; i < n; i++) counts[text[i]]++;
    uint64_t sum = 0;
    for (int i = 0; i < 256; i++) sum = sum * 31 + counts[i];
    return sum;
}

__attribute__((noinline)) static int by_mask(unsigned x) {
    short last[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int i = 0; i < 50; i++, x = x * 5 + 1) {
        last[x >> 3 & 7] += last[x & 7] + last[7 - (x & 7)];
    }
    return last[x & 7] ^ last[3];
}

__attribute__((noinline)) static double by_loop(double x) {
    double rows[5][6];
    for (int i = 0; i < 5; i++) for (int j = 0; j < 6; j++) rows[i][j] = x * i - j;
    for (int round = 0; round < 20; round++)
        for (int i = 1; i < 4; i++)
            for (int j = 1; j < 5; j++) rows[i][j] = (rows[i - 1][j] + rows[i + 1][j] + rows[i][j - 1] + rows[i][j + 1]) / 4;
    return rows[2][2] + rows[3][4];
}

struct record { char tag; short numbers[3]; uint64_t wide; unsigned char rest[5]; };
__attribute__((noinline)) static uint64_t of_records(unsigned x) {
    struct record all[16], copy[4];
    memset(copy, 7, sizeof copy[0]);
    for (unsigned i = 0; i < 64; i++) {
        all[(x + i) & 15] = (struct record){(char)i, {(short)i, (short)x, 3}, x * (uint64_t)i, {1, 2, 3, (unsigned char)x, 5}};
    }
    copy[x & 3] = all[x & 15];
    copy[1] = copy[x & 3];
    return copy[1].wide + (uint64_t)copy[x & 1].rest[x % 5] + (uint64_t)all[x >> 4 & 15].numbers[x % 3] + (unsigned char)copy[0].tag;
}

__attribute__((noinline)) static unsigned deep(unsigned x, int depth) {
    unsigned mine[4] = {x, x + 1, x + 2, x + 3};
    for (int i = 0; i < 8; i++) mine[(x + (unsigned)i) & 3] += mine[i & 3];
    return depth == 0 ? mine[x & 3] : mine[x & 3] + deep(x * 3 + 1, depth - 1) + mine[1];
}

int main(void) {
    static unsigned char text[4096];
    for (int i = 0; i < 4096; i++) text[i] = (unsigned char)(next() % 251);
    printf("%llx\n", (unsigned long long)by_byte(text, 4096));
    for (int i = 0; i < 8; i++) printf("%d ", by_mask(next()));
    printf("\n%.9f\n", by_loop(next() % 100));
    for (int i = 0; i < 8; i++) { unsigned x = next(); all: printf("%llx ", (unsigned long long)of_records(x & ~3u)); if (x == 1) goto all; }
    printf("\n%u %u\n", deep(next(), 0), deep(next(), 9000));
    return 0;
}
