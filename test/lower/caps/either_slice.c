// The same call on two paths, with a slice each: the optimiser may not make one call of them.
#include <tessera/capability.h>
#include <tessera/console.h>
#include <tessera/slice.h>
#include <stdio.h>
#include <string.h>

TESSERA_IMPORT("bench_slice", "lend") tessera_slice lend(uint32_t at, uint32_t length);

#define OWN __attribute__((noinline)) static
OWN uint32_t sum(tessera_slice s, size_t n) { uint32_t x = 0; for (size_t i = 0; i < n; ++i) x = x * 31 + tessera_slice_load8(s, i); return x; }
OWN uint32_t load(tessera_slice a, tessera_slice b, int which, size_t i) { return which ? tessera_slice_load8(a, i) : tessera_slice_load8(b, i); }
OWN void store(tessera_slice a, tessera_slice b, int which, size_t i) { if (which) tessera_slice_store8(a, i, (uint8_t)(i + 1)); else tessera_slice_store8(b, i, (uint8_t)(i + 1)); }
OWN size_t length(tessera_slice a, tessera_slice b, int which) { return (size_t)(which ? tessera_slice_length(a) : tessera_slice_length(b)); }
OWN uint32_t call(tessera_slice a, tessera_slice b, int which, size_t n) {
    switch (which) {
    case 0: return sum(a, n);
    case 1: return sum(b, n);
    case 2: return sum(a, n);
    default: return 7;
    }
}
OWN uint32_t loops(tessera_slice a, tessera_slice b, int which, size_t n) {
    uint32_t x = 0;
    if (which) for (size_t i = 0; i < n; ++i) x += tessera_slice_load32(a, 4 * i);
    else for (size_t i = 0; i < n; ++i) x += tessera_slice_load32(b, 4 * i);
    return x;
}

int tessera_main(tessera_cap console) {
    for (unsigned i = 0; i < 40; ++i) store(lend(0, 200), lend(200, 300), i % 3 == 0, 5 * i);
    uint32_t x = 0;
    for (int which = 0; which < 4; ++which) {
        x = x * 31 + load(lend(0, 200), lend(200, 300), which, 15);
        x = x * 31 + (uint32_t)length(lend(0, 200), lend(200, 300), which);
        x = x * 31 + call(lend(0, 200), lend(200, 300), which, 200);
        x = x * 31 + loops(lend(0, 200), lend(200, 300), which, 50);
    }
    char line[40];
    snprintf(line, sizeof line, "%u\n", (unsigned)x);
    tessera_console_write(console, line, strlen(line));
    return 0;
}
