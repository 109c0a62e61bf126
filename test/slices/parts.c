// Loops over parts of slices, which are compared with two lengths, accesses at numbers from one another in any order, and an offset that no slice has where nobody gets to.
#include <tessera/console.h>
#include <tessera/file.h>
#include <stdio.h>
#include <stdlib.h>

TESSERA_IMPORT("bench_slice", "lend") tessera_slice lend(uint32_t which);

#define OWN __attribute__((noinline))

OWN static uint32_t half(tessera_slice s, size_t at, size_t n, uint32_t x) { const tessera_slice part = tessera_slice_sub(s, at, (size_t)tessera_slice_length(s) / 2); const size_t m = n > (size_t)tessera_slice_length(s) / 4 ? (size_t)tessera_slice_length(s) / 4 : n; for (size_t i = 0, z = at; i < m; ++i, ++z) x += tessera_slice_load8(part, z); return x; }
OWN static uint32_t half_down(tessera_slice s, size_t at, int n) { uint32_t x = 0; const tessera_slice part = tessera_slice_sub(s, at, (size_t)tessera_slice_length(s) / 2); for (int i = n - 1; i >= 0; --i) x += tessera_slice_load16(part, (size_t)i * 6 + 4) * 3u; return x; }
OWN static uint32_t rest(tessera_slice s, size_t at, size_t n) { uint32_t x = 0; const tessera_slice part = tessera_slice_from(s, at); for (size_t i = 0; i < n; ++i) x += tessera_slice_load8(part, i + 3) * tessera_slice_load16(part, 4 * i); return x; }
OWN static uint32_t rest_down(tessera_slice s, size_t at, size_t n) { uint32_t x = 0; const tessera_slice part = tessera_slice_from(s, at); for (size_t i = n; i-- > 0;) x += tessera_slice_load8(part, 2 * i + 3); return x; }
OWN static uint32_t two(tessera_slice s, tessera_slice t, size_t at, uint32_t k) {
    uint32_t x = k, y = k;
    const tessera_slice part = tessera_slice_from(s, at);
    const size_t n = tessera_slice_length(s);
    for (size_t i = 0, z = at; i < n; ++i, z += 2) { x += tessera_slice_load8(part, i + k % 5) ^ tessera_slice_load16(t, 4 * i) * 3u; x += tessera_slice_load8(part, z); }
    for (size_t i = 0; i < n; ++i) { x -= tessera_slice_load16(part, i + 3); y += (uint32_t)i * 4u * tessera_slice_load16(part, 4 * i); }
    return x + y;
}
OWN static uint32_t swapped(tessera_slice to, tessera_slice s, size_t at, size_t n) { for (size_t i = 0; i < n; ++i) { const uint32_t x = tessera_slice_load32(s, 8 * (i + at) + 4); tessera_slice_store32(to, 8 * (i + at), x); tessera_slice_store32(to, 8 * (i + at) + 4, tessera_slice_load32(s, 8 * (i + at))); } return tessera_slice_load32(to, 4); }
OWN static uint32_t far(tessera_slice s, size_t n) { return n > 9999 ? tessera_slice_load16(s, (size_t)-2) : tessera_slice_load8(s, 0); }
OWN static uint32_t down_below(tessera_slice s) { uint32_t x = 0; for (unsigned i = 0; i < 8; ++i) x += tessera_slice_load16(s, (5 - i) * 2); return x; }

OWN static uint32_t all(tessera_slice s, tessera_slice t, size_t at, size_t n) {
    uint32_t x = half(s, at, n, (uint32_t)n) + half_down(s, at, (int)n) + rest(s, at, n) + rest_down(s, at, n) + two(s, t, at, (uint32_t)n) + far(s, n) + swapped(lend(0), s, at, n);
    return n == 7 ? x + down_below(t) : x;
}
int tessera_main(tessera_cap console, tessera_cap file, tessera_cap other) {
    (void)console;
    printf("%u\n", (unsigned)all(tessera_file_map(file), tessera_file_map(other), (size_t)rand() % 4, (size_t)rand()));
    return 0;
}
