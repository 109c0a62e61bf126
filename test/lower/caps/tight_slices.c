// Loops that go to the very end of their slices, and not a byte further: none may trap. What the vectoriser makes of them is checked in
// front of its loops, so that is the place where a check may ask for too much.
#include <tessera/capability.h>
#include <tessera/console.h>
#include <tessera/slice.h>
#include <stdio.h>
#include <string.h>

TESSERA_IMPORT("bench_slice", "lend") tessera_slice lend(uint32_t at, uint32_t length);

#define OWN __attribute__((noinline)) static
#define get8 tessera_slice_load8
#define get32 tessera_slice_load32
#define put8 tessera_slice_store8

OWN uint32_t bytes(tessera_slice s, size_t n) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x += get8(s, i); return x; }
// A member of each record: the last record ends with it.
OWN uint32_t members(tessera_slice s, size_t n) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x += get32(s, 16 * i + 4); return x; }
OWN uint32_t far_members(tessera_slice s, size_t n) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x += get8(s, 40 * i); return x; }
OWN uint32_t behind(tessera_slice s, size_t n, size_t at) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x += get32(s, at + 4 * i); return x; }
// Whole records of three, and a known number of them.
OWN uint32_t records(tessera_slice s, size_t n) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x += get32(s, 12 * i) + get32(s, 12 * i + 4) * 2 + get32(s, 12 * i + 8) * 3; return x; }
OWN uint32_t nineteen(tessera_slice s) { uint32_t x = 0; for (size_t i = 0; i < 19; ++i) x += get32(s, 12 * i) + get32(s, 12 * i + 4) * 2 + get32(s, 12 * i + 8) * 3; return x; }
// The last vector has a mask.
OWN void masked(tessera_slice s, size_t n) { _Pragma("clang loop vectorize_predicate(enable)") for (size_t i = 0; i < n; ++i) put8(s, i, (uint8_t)(i * 7)); }

int tessera_main(tessera_cap console) {
    uint32_t sum = 0;
    for (uint32_t n = 1; n < 100; ++n) {
        masked(lend(0, n), n);
        sum = sum * 31 + bytes(lend(0, n), n);
        sum = sum * 31 + members(lend(0, 16 * n - 8), n);
        sum = sum * 31 + far_members(lend(0, 40 * n - 39), n);
        sum = sum * 31 + behind(lend(0, 4 * n + n % 5), n, n % 5);
        sum = sum * 31 + records(lend(0, 12 * n), n);
        sum = sum * 31 + nineteen(lend(n, 228));
    }
    char line[40];
    snprintf(line, sizeof line, "%u\n", (unsigned)sum);
    tessera_console_write(console, line, strlen(line));
    return 0;
}
