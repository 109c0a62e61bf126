// Loops over memory, in the shapes that programs have, for `tessera bench slices`: over borrowed slices (with -DSLICES),
// and the same source over ordinary memory, verified or native.
// loops [FILTER [REPEATS]] prints `kernel NAME CHECKSUM NANOSECONDS`, the best of REPEATS runs; 0: only names.
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define OWN __attribute__((noinline)) static

enum { kBuffers = 3, kBytes = 32768 + 24, kTurns = 200 };

#ifdef SLICES
#include <tessera/slice.h>
typedef tessera_slice S;
TESSERA_IMPORT("bench_slice", "lend") S lend(uint32_t which);
TESSERA_IMPORT("bench_slice", "lend_part") S lend_part(uint32_t which, uint32_t at, uint32_t bytes);
TESSERA_IMPORT("bench_slice", "lend_for_reading") S lend_for_reading(uint32_t which);
#define LENGTH(s) ((size_t)tessera_slice_length(s))
#define get8 tessera_slice_load8
#define get16 tessera_slice_load16
#define get32 tessera_slice_load32
#define get_float tessera_slice_load_float
#define put8 tessera_slice_store8
#define put32 tessera_slice_store32
#define put_float tessera_slice_store_float
#else
typedef struct {
    uint8_t *at;
    size_t length;
} S;
static struct {
    _Alignas(64) uint8_t bytes[kBytes];
} buffers[kBuffers];
static S lend(uint32_t which) { return (S){buffers[which].bytes, kBytes}; }
static S lend_part(uint32_t which, uint32_t at, uint32_t bytes) { return (S){buffers[which].bytes + at, bytes}; }
static S lend_for_reading(uint32_t which) { return lend(which); }
#define LENGTH(s) ((s).length)
#define ACCESS(name, type)                                                                                             \
    static inline type get##name(S s, size_t i) {                                                                      \
        type value;                                                                                                    \
        memcpy(&value, s.at + i, sizeof value);                                                                        \
        return value;                                                                                                  \
    }                                                                                                                  \
    static inline void put##name(S s, size_t i, type value) { memcpy(s.at + i, &value, sizeof value); }
ACCESS(8, uint8_t)
ACCESS(16, uint16_t)
ACCESS(32, uint32_t)
ACCESS(_float, float)
#endif

// To the end of a slice, and so far as somebody says ("_n").
OWN uint32_t sum_bytes(S s, uint32_t x) { const size_t n = LENGTH(s); for (size_t i = 0; i < n; ++i) x += get8(s, i); return x; }
OWN uint32_t sum_bytes_n(S s, size_t n, uint32_t x) { for (size_t i = 0; i < n; ++i) x += get8(s, i); return x; }
OWN uint32_t sum_words(S s, uint32_t x) { const size_t n = LENGTH(s) / 4; for (size_t i = 0; i < n; ++i) x += get32(s, 4 * i); return x; }
OWN uint32_t sum_words_n(S s, size_t n, uint32_t x) { for (size_t i = 0; i < n; ++i) x += get32(s, 4 * i); return x; }
OWN uint32_t sum_floats(S s, uint32_t k) { float x = (float)k; const size_t n = LENGTH(s) / 4; for (size_t i = 0; i < n; ++i) x += get_float(s, 4 * i); return (uint32_t)x; }
OWN uint32_t copy(S to, S from, uint32_t k) { size_t n = LENGTH(from) - k % 16; if (LENGTH(to) < n) n = LENGTH(to); for (size_t i = 0; i < n; ++i) put8(to, i, get8(from, i)); return get8(to, k); }
OWN uint32_t saxpy_n(S y, S x, float a, size_t n) { for (size_t i = 0; i < n; ++i) put_float(y, 4 * i, a * get_float(x, 4 * i) + get_float(y, 4 * i)); return get32(y, 400); }
OWN uint32_t xor_n(S to, S a, S b, size_t n) { for (size_t i = 0; i < n; ++i) put8(to, i, (uint8_t)(get8(a, i) ^ get8(b, i))); return get32(to, 400); }
OWN uint32_t count_byte(S s, uint32_t c) { uint32_t x = 0; const size_t n = LENGTH(s); for (size_t i = 0; i < n; ++i) x += get8(s, i) == (uint8_t)c; return x; }
OWN uint32_t find_byte(S s, uint8_t c, uint32_t k) { const size_t n = LENGTH(s); size_t i = k % 16; while (i < n && get8(s, i) != c) ++i; return (uint32_t)i; }
OWN uint32_t checksum(S s, uint32_t x) { const size_t n = LENGTH(s) & ~(size_t)1; for (size_t i = 0; i < n; i += 2) x += get16(s, i); x = (x & 0xffff) + (x >> 16); return (uint16_t)~((x & 0xffff) + (x >> 16)); }
OWN uint32_t largest(S s, uint32_t k) { int32_t x = INT32_MIN + (int32_t)k; const size_t n = LENGTH(s) / 4; for (size_t i = 0; i < n; ++i) { const int32_t v = (int32_t)get32(s, 4 * i); x = v > x ? v : x; } return (uint32_t)x; }
OWN uint32_t histogram(S s, uint32_t *h) { const size_t n = LENGTH(s); for (size_t i = 0; i < n; ++i) h[get8(s, i)]++; return h[17]; }
OWN uint32_t histogram_n(S s, size_t n, uint32_t *h) { for (size_t i = 0; i < n; ++i) h[get8(s, i)]++; return h[17]; }
OWN uint32_t fill(S s, uint32_t c) { const size_t n = LENGTH(s); for (size_t i = 0; i < n; ++i) put8(s, i, (uint8_t)c); return get8(s, c); }
OWN uint32_t every_fourth_n(S s, size_t n, uint32_t x) { for (size_t i = 0; i < n; ++i) x += get32(s, 16 * i + 4); return x; }
OWN uint32_t neighbours(S s, uint32_t x) { const size_t n = LENGTH(s); for (size_t i = 1; i + 1 < n; ++i) x += (uint32_t)get8(s, i - 1) - 2u * get8(s, i) + 3u * get8(s, i + 1); return x; }
OWN uint32_t reverse_n(S to, S s, size_t n) { for (size_t i = n; i-- > 0;) put8(to, n - 1 - i, get8(s, i)); return get32(to, 400); }
// Few turns, and slices that overlap: as far apart as they are long, closer, and the same.
OWN uint32_t short_sums_n(S s, uint32_t k) { uint32_t x = k; for (size_t n = 0; n < 100; ++n) x += sum_bytes_n(s, n, x) + sum_words_n(s, n / 4, x); return x; }
OWN uint32_t overlaps(uint32_t k) {
    uint32_t x = k;
    for (uint32_t n = 1; n < 100; ++n) {
        const S to = lend_part(0, 100, n), from = lend_part(0, 100 + (k + n) % (n + 1), n), behind = lend_part(0, 100 - k % (n + 1), n);
        for (size_t i = 0; i < n; ++i) put8(to, i, (uint8_t)(get8(from, i) + 1));
        for (size_t i = 0; i < n; ++i) put8(to, i, (uint8_t)(get8(behind, i) ^ get8(from, i)));
        x = x * 31 + get8(to, n / 2);
    }
    return x;
}
OWN uint32_t own_memory_n(S s, uint8_t *p, size_t n) { for (size_t i = 0; i < n; ++i) p[i] = (uint8_t)(get8(s, i) + p[i]); return p[n / 2]; }

// Not timed: goes past the end, and what it does before that must be seen.
OWN void overrun(S s, size_t n) { for (size_t i = 0; i < n; ++i) { printf("%u\n", (unsigned)get8(s, 8192 * i)); fflush(stdout); } }

static const char *const names[] = {"sum_bytes",  "sum_bytes_n", "sum_words", "sum_words_n", "sum_floats",  "copy",
                                    "saxpy_n",    "xor_n",       "count_byte", "find_byte",  "checksum",    "largest",
                                    "histogram",  "histogram_n", "fill",       "every_fourth_n", "neighbours", "own_memory_n",
                                    "reverse_n", "short_sums_n", "overlaps"};
static uint32_t table[256];
static uint8_t own[kBytes];
static volatile size_t length = kBytes - 24;  // which no compiler knows

// A slice is passed, never kept: one switch is what a table of functions would be.
OWN uint32_t run(unsigned kernel, S to, S a, S b, uint32_t k) {
    const size_t n = length;
    switch (kernel) {
    case 0: return sum_bytes(a, k);
    case 1: return sum_bytes_n(a, n, k);
    case 2: return sum_words(a, k);
    case 3: return sum_words_n(a, n / 4, k);
    case 4: return sum_floats(a, k);
    case 5: return copy(to, a, k);
    case 6: return saxpy_n(to, a, 0.5f + (float)k, n / 4);
    case 7: return xor_n(to, a, b, n - k % 16);
    case 8: return count_byte(a, k);
    case 9: return find_byte(a, 255, k);
    case 10: return checksum(a, k);
    case 11: return largest(a, k);
    case 12: return histogram(a, table);
    case 13: return histogram_n(a, n, table);
    case 14: return fill(to, k);
    case 15: return every_fourth_n(a, n / 16, k);
    case 16: return neighbours(a, k);
    case 17: return own_memory_n(a, own, n);
    case 18: return reverse_n(to, a, n - k % 16);
    case 19: return short_sums_n(a, k);
    default: return overlaps(k);
    }
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Small positive floats, words and bytes below 255.
static void prepare(S s, uint32_t seed) {
    const size_t n = LENGTH(s);
    for (size_t i = 0; i < n; ++i) {
        seed = seed * 1664525u + 1013904223u;
        put8(s, i, (uint8_t)(i % 4 == 3 ? 63 : (seed >> 24) % 251));
    }
}

int main(int argc, char **argv) {
    const char *filter = argc > 1 ? argv[1] : "";
    const int repeats = argc > 2 ? atoi(argv[2]) : 2;
    if (strcmp(filter, "overrun") == 0) {
        prepare(lend(0), 1);
        overrun(lend(0), length / 4681);  // 7
        return 0;
    }
    for (unsigned kernel = 0; kernel < sizeof names / sizeof *names; ++kernel) {
        if (*filter == '=' ? strcmp(names[kernel], filter + 1) != 0 : !strstr(names[kernel], filter)) continue;
        if (repeats == 0) {
            printf("kernel %s\n", names[kernel]);
            continue;
        }
        uint64_t best = UINT64_MAX, sum = 0;
        for (int repeat = 0; repeat < repeats; ++repeat) {
            const S to = lend(0);
            prepare(to, 1);
            prepare(lend(1), 2);
            prepare(lend(2), 3);
            memset(table, 0, sizeof table);
            memset(own, 0, sizeof own);
            sum = 0;
            const uint64_t begin = now();
            for (uint32_t k = 0; k < kTurns; ++k) sum = (sum ^ run(kernel, to, lend_for_reading(1), lend_for_reading(2), k)) * 0x9e3779b97f4a7c15u;
            const uint64_t time = now() - begin;
            best = time < best ? time : best;
            const size_t n = LENGTH(to);
            for (size_t i = 0; i < n; ++i) sum = (sum ^ get8(to, i) ^ own[i]) * 0x9e3779b97f4a7c15u;
        }
        printf("kernel %s %016" PRIx64 " %" PRIu64 "\n", names[kernel], sum, best);
        fflush(stdout);
    }
    return 0;
}
