// Loops over borrowed slices that the vectoriser is asked to end with masks, which safe IR can't say: their functions stay as they were
// written, and compute what they compute over ordinary memory.
#include <tessera/capability.h>
#include <tessera/console.h>
#include <tessera/file.h>
#include <tessera/slice.h>
#include <stdio.h>
#include <string.h>

TESSERA_IMPORT("bench_slice", "lend") tessera_slice lend(uint32_t at, uint32_t length);

#define OWN __attribute__((noinline)) static
#define MASKED _Pragma("clang loop vectorize_predicate(enable)")
typedef struct { uint8_t* at; size_t length; } memory;
static uint8_t memory_load8(memory m, size_t i) { return m.at[i]; }
static uint32_t memory_load32(memory m, size_t i) { uint32_t x; memcpy(&x, m.at + i, 4); return x; }
static void memory_store32(memory m, size_t i, uint32_t x) { memcpy(m.at + i, &x, 4); }
static size_t memory_length(memory m) { return m.length; }

// The same over both: to the end, so far as somebody says, into a slice, and three loops in one function, with values that go from one to
// the next.
#define LOOPS(type, how) \
    OWN uint32_t type##_to_the_end(type s, uint32_t x) { const size_t n = type##_length(s) / 4; how for (size_t i = 0; i < n; ++i) x += type##_load32(s, 4 * i); return x; } \
    OWN uint32_t type##_so_far(type s, size_t n, uint32_t x) { how for (size_t i = 0; i < n; ++i) x ^= type##_load32(s, 4 * i) * (uint32_t)i; return x; } \
    OWN void type##_written(type to, type s, size_t n, uint32_t x) { how for (size_t i = 0; i < n; ++i) type##_store32(to, 4 * i + 4, type##_load32(s, 4 * i) + x); } \
    OWN uint32_t type##_three(type to, type s, size_t n, uint32_t x) { \
        uint32_t sum = x, most = 0; \
        for (size_t i = 0; i < n; ++i) sum += type##_load8(s, i); \
        how for (size_t i = 0; i < n; ++i) type##_store32(to, 4 * i, type##_load32(to, 4 * i) + sum); \
        how for (size_t i = 0; i < n; ++i) { const uint32_t v = type##_load32(to, 4 * i) ^ x; most = v > most ? v : most; } \
        return sum * 31 + most; \
    }
#define slice_length tessera_slice_length
#define slice_load8 tessera_slice_load8
#define slice_load32 tessera_slice_load32
#define slice_store32 tessera_slice_store32
typedef tessera_slice slice;
LOOPS(slice, MASKED)
LOOPS(memory, )

int tessera_main(tessera_cap console, tessera_cap file, tessera_cap clock) {
    (void)clock;
    static uint8_t bytes[200], text[100];
    const memory to = {bytes, sizeof bytes}, from = {text, (size_t)tessera_file_size(file)};
    tessera_slice_read(tessera_file_map(file), 0, text, from.length);
    unsigned good = 0, runs = 0;
    for (size_t n = 0; n <= from.length; ++n) {
        const uint32_t x = (uint32_t)n * 77;
        good += slice_to_the_end(tessera_file_map(file), x) == memory_to_the_end(from, x);
        good += slice_so_far(tessera_file_map(file), n / 4, x) == memory_so_far(from, n / 4, x);
        slice_written(lend(0, sizeof bytes), tessera_file_map(file), n / 4, x);
        memory_written(to, from, n / 4, x);
        good += slice_three(lend(0, sizeof bytes), tessera_file_map(file), n, x) == memory_three(to, from, n, x);
        uint8_t written[sizeof bytes];
        tessera_slice_read(lend(0, sizeof bytes), 0, written, sizeof written);
        good += memcmp(written, bytes, sizeof bytes) == 0;
        runs += 4;
    }
    char line[60];
    snprintf(line, sizeof line, "%u of %u\n", good, runs);
    tessera_console_write(console, line, strlen(line));
    return good == runs ? 7 : 1;
}
