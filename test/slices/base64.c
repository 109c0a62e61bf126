// base64, from a borrowed slice to the program's memory and back.
#include <tessera/console.h>
#include <tessera/file.h>
#include <stdlib.h>
#include <string.h>

static const char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t encode(tessera_slice in, char* out) {
    const size_t n = tessera_slice_length(in);
    size_t o = 0;
    size_t i = 0;
    for (; i + 2 < n; i += 3) {
        const uint32_t v = (uint32_t)tessera_slice_load8(in, i) << 16 | (uint32_t)tessera_slice_load8(in, i + 1) << 8 | tessera_slice_load8(in, i + 2);
        out[o++] = kLetters[v >> 18];
        out[o++] = kLetters[v >> 12 & 63];
        out[o++] = kLetters[v >> 6 & 63];
        out[o++] = kLetters[v & 63];
    }
    if (n - i == 1) {
        const uint32_t v = (uint32_t)tessera_slice_load8(in, i) << 16;
        out[o++] = kLetters[v >> 18];
        out[o++] = kLetters[v >> 12 & 63];
        out[o++] = '=';
        out[o++] = '=';
    } else if (n - i == 2) {
        const uint32_t v = (uint32_t)tessera_slice_load8(in, i) << 16 | (uint32_t)tessera_slice_load8(in, i + 1) << 8;
        out[o++] = kLetters[v >> 18];
        out[o++] = kLetters[v >> 12 & 63];
        out[o++] = kLetters[v >> 6 & 63];
        out[o++] = '=';
    }
    return o;
}

static int digit(uint8_t c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Bytes written, or -1. Line ends between the letters are skipped.
static long decode(tessera_slice in, uint8_t* out) {
    size_t n = tessera_slice_length(in);
    while (n > 0 && (tessera_slice_load8(in, n - 1) == '=' || tessera_slice_load8(in, n - 1) == '\n')) n--;
    uint32_t bits = 0;
    unsigned have = 0;
    size_t o = 0;
    for (size_t i = 0; i < n; ++i) {
        const uint8_t c = tessera_slice_load8(in, i);
        if (c == '\n' || c == '\r') continue;
        const int d = digit(c);
        if (d < 0) return -1;
        bits = bits << 6 | (uint32_t)d;
        if ((have += 6) >= 8) out[o++] = (uint8_t)(bits >> (have -= 8));
    }
    return (long)o;
}

// Four letters at a time, as long as they are all letters.
static size_t decode_fast(tessera_slice in, uint8_t* out) {
    const size_t whole = tessera_slice_length(in) / 4;
    size_t o = 0;
    for (size_t q = 0; q < whole; ++q) {
        int v = 0;
        for (int k = 0; k < 4; ++k) {
            const int d = digit(tessera_slice_load8(in, q * 4 + k));
            if (d < 0) return o;
            v = v << 6 | d;
        }
        out[o++] = (uint8_t)(v >> 16);
        out[o++] = (uint8_t)(v >> 8);
        out[o++] = (uint8_t)v;
    }
    return o;
}

int tessera_main(tessera_cap console, tessera_cap plain, tessera_cap coded) {
    char* text = malloc(2 * tessera_slice_length(tessera_file_map(plain)) + 8);
    size_t length = encode(tessera_file_map(plain), text);
    text[length++] = '\n';
    tessera_console_write(console, text, length);
    uint8_t* bytes = malloc(tessera_slice_length(tessera_file_map(coded)) + 8);
    const long count = decode(tessera_file_map(coded), bytes);
    tessera_console_write(console, (const char*)bytes, count < 0 ? 0 : (size_t)count);
    const size_t same = decode_fast(tessera_file_map(coded), bytes);
    tessera_console_write(console, (const char*)bytes, same);
    return count < 0;
}
