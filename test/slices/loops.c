// Loops over slices in the shapes that programs have: up, down, strided, nested, with an early end, two at once, tokenizers.
#include <tessera/console.h>
#include <tessera/file.h>
#include <stdio.h>
#include <stdlib.h>

#define OWN __attribute__((noinline))

OWN static uint32_t up(tessera_slice s) { uint32_t x = 0; for (size_t i = 0; i < tessera_slice_length(s); ++i) x = x * 31 + tessera_slice_load8(s, i); return x; }
OWN static uint32_t signed_up(tessera_slice s) { uint32_t x = 0; const int n = (int)tessera_slice_length(s); for (int i = 0; i < n; ++i) x = x * 31 + tessera_slice_load8(s, (size_t)i); return x; }
OWN static uint32_t down(tessera_slice s) { uint32_t x = 0; for (size_t i = tessera_slice_length(s); i > 0; --i) x = x * 31 + tessera_slice_load8(s, i - 1); return x; }
OWN static uint32_t down_post(tessera_slice s) { uint32_t x = 0; size_t i = tessera_slice_length(s); while (i-- > 0) x = x * 31 + tessera_slice_load8(s, i); return x; }
OWN static uint32_t counted(tessera_slice s) { uint32_t x = 0; size_t p = 0, n = tessera_slice_length(s); while (n--) x = x * 31 + tessera_slice_load8(s, p++); return x; }
OWN static uint32_t words(tessera_slice s) { uint32_t x = 0; const size_t n = tessera_slice_length(s) / 4; for (size_t i = 0; i < n; ++i) x = x * 31 + tessera_slice_load32(s, 4 * i); return x; }
OWN static uint32_t fours(tessera_slice s) { uint32_t x = 0; const size_t n = tessera_slice_length(s); for (size_t i = 0; i + 4 <= n; i += 4) x = x * 31 + tessera_slice_load32(s, i); return x; }
OWN static uint32_t masked(tessera_slice s) { uint32_t x = 0; const size_t n = tessera_slice_length(s) & ~(size_t)7; for (size_t i = 0; i < n; i += 8) x = x * 31 + (uint32_t)tessera_slice_load64(s, i); return x; }
OWN static uint32_t left_over(tessera_slice s) { uint32_t x = 0; size_t at = 0, left = tessera_slice_length(s); while (left >= 8) { x += (uint32_t)tessera_slice_load64(s, at); at += 8; left -= 8; } while (left > 0) { x += tessera_slice_load8(s, at); at++; left--; } return x; }
OWN static uint32_t neighbours(tessera_slice s) { uint32_t x = 0; const size_t n = tessera_slice_length(s); for (size_t i = 1; i + 1 < n; ++i) x += (uint32_t)tessera_slice_load8(s, i - 1) - 2u * tessera_slice_load8(s, i) + tessera_slice_load8(s, i + 1); return x; }
OWN static size_t find(tessera_slice s, uint8_t c) { const size_t n = tessera_slice_length(s); size_t i = 0; while (i < n && tessera_slice_load8(s, i) != c) ++i; return i; }
OWN static uint32_t part(tessera_slice s, size_t at, size_t n) { uint32_t x = 0; if (at > tessera_slice_length(s) || n > tessera_slice_length(s) - at) return 0; for (size_t i = 0; i < n; ++i) x += tessera_slice_load8(s, at + i); return x; }
OWN static uint32_t part_end(tessera_slice s, size_t at, size_t n) { uint32_t x = 0; if ((uint64_t)at + n > tessera_slice_length(s)) return 0; for (size_t i = at; i < at + n; ++i) x += tessera_slice_load8(s, i); return x; }
OWN static int same(tessera_slice a, tessera_slice b) { const size_t n = tessera_slice_length(a); if (n != tessera_slice_length(b)) return 0; for (size_t i = 0; i < n; ++i) if (tessera_slice_load8(a, i) != tessera_slice_load8(b, i)) return 0; return 1; }
OWN static uint32_t common(tessera_slice a, tessera_slice b) { uint32_t x = 0; size_t n = tessera_slice_length(a); if (tessera_slice_length(b) < n) n = tessera_slice_length(b); for (size_t i = 0; i < n; ++i) x += (uint32_t)tessera_slice_load8(a, i) * tessera_slice_load8(b, i); return x; }
OWN static uint32_t triangle(tessera_slice s) { uint32_t x = 0; const size_t n = tessera_slice_length(s) < 64 ? tessera_slice_length(s) : 64; for (size_t i = 0; i < n; ++i) for (size_t j = i; j < n; ++j) x += (uint32_t)tessera_slice_load8(s, i) * tessera_slice_load8(s, j); return x; }
// Pixels of four bytes, `width` of them in a row of `pitch` bytes.
OWN static uint32_t grey(tessera_slice s, size_t width, size_t height, size_t pitch) {
    uint32_t x = 0;
    const size_t n = tessera_slice_length(s);
    if (width > pitch / 4) return 0;
    size_t row = 0;
    for (size_t y = 0; y < height; ++y) {
        if (row > n || pitch > n - row) return x;
        for (size_t c = 0; c < width; ++c) x += tessera_slice_load8(s, row + 4 * c) * 3u + tessera_slice_load8(s, row + 4 * c + 1) * 6u + tessera_slice_load8(s, row + 4 * c + 2);
        row += pitch;
    }
    return x;
}
OWN static uint32_t csv(tessera_slice s) {
    const size_t n = tessera_slice_length(s);
    uint32_t fields = 0, sum = 0;
    size_t i = 0;
    while (i < n) {
        uint32_t value = 0;
        if (tessera_slice_load8(s, i) == '"') {
            ++i;
            while (i < n) {
                if (tessera_slice_load8(s, i) != '"') { ++i; continue; }
                if (i + 1 < n && tessera_slice_load8(s, i + 1) == '"') { i += 2; continue; }
                break;
            }
            ++i;
        } else {
            while (i < n && tessera_slice_load8(s, i) != ',' && tessera_slice_load8(s, i) != '\n') {
                const uint8_t c = tessera_slice_load8(s, i++);
                value = c >= '0' && c <= '9' ? value * 10 + (c - '0') : value;
            }
        }
        sum += value;
        ++fields;
        ++i;
    }
    return fields * 1000 + sum;
}
typedef struct { size_t at; unsigned strings, numbers, marks; } Json;
OWN static void json(tessera_slice s, Json* j) {
    const size_t n = tessera_slice_length(s);
    size_t i = j->at;
    while (i < n) {
        const uint8_t c = tessera_slice_load8(s, i);
        if (c == '"') {
            for (++i; i < n && tessera_slice_load8(s, i) != '"'; ++i) if (tessera_slice_load8(s, i) == '\\') ++i;
            j->strings++;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            while (i + 1 < n && tessera_slice_load8(s, i + 1) >= '0' && tessera_slice_load8(s, i + 1) <= '9') ++i;
            j->numbers++;
        } else if (c == '{' || c == '[' || c == ']' || c == '}') {
            j->marks++;
        }
        ++i;
    }
    j->at = i;
}

int tessera_main(tessera_cap console, tessera_cap first, tessera_cap second) {
    const tessera_slice a = tessera_file_map(first), b = tessera_file_map(second);
    Json j = {0};
    json(a, &j);
    char line[400];
    const int n = snprintf(line, sizeof line, "%u %u %u %u %u %u %u %u %u %u %u %u %u %d %u %u %u %u %u %u %u\n", (unsigned)up(a), (unsigned)signed_up(a), (unsigned)down(a),
                           (unsigned)down_post(a), (unsigned)counted(a), (unsigned)words(a), (unsigned)fours(a), (unsigned)masked(a), (unsigned)left_over(a), (unsigned)neighbours(a),
                           (unsigned)find(a, 'x'), (unsigned)part(a, 3, 20), (unsigned)part_end(a, 3, 20), same(a, b), (unsigned)common(a, b), (unsigned)triangle(a),
                           (unsigned)grey(a, 3, 2, 16), (unsigned)csv(a), j.strings, j.numbers, j.marks);
    tessera_console_write(console, line, (size_t)n);
    return 0;
}
