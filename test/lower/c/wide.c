// What the optimiser makes of vectors of 256 and 512 bits, of loops that would take masks, of jumps through tables; and the SDK's own string functions.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef double d8 __attribute__((vector_size(64)));
typedef int32_t i8 __attribute__((vector_size(32)));
typedef uint8_t b64 __attribute__((vector_size(64)));
__attribute__((noinline)) static d8 muladd(d8 a, d8 b, i8 c) { return a * b + __builtin_convertvector(c, d8); }
__attribute__((noinline)) static void some(int* out, const int* in, const int* which, int n) {
    for (int i = 0; i < n; i++) if (which[i] > 2) out[i] = in[i] * 3 + which[i];
}
static int shifted[12];
__attribute__((noinline)) static void shift(int n) { for (int i = 0; i < n && i < 11; i++) shifted[i] = shifted[i + 1] + 1; }
static int numbered(const unsigned char* code, int twist) {
    void* labels[] = {&&halt, &&inc, &&dbl, &&neg};
    int x = 3;
    if (twist) labels[1] = &&dbl;
    goto *labels[*code];
inc: x++; goto *labels[*++code];
dbl: x *= 2; goto *labels[*++code];
neg: x = -x; goto *labels[*++code];
halt: return x;
}
static int gaps(unsigned char op) {
    switch (op) {
    case 0: return 5; case 1: return 17; case 2: return rand() & 0; case 4: return -3; case 6: return 99; case 9: return 1;
    default: __builtin_unreachable();
    }
}
static size_t slow_length(const char* s) { size_t n = 0; while (((const volatile char*)s)[n]) n++; return n; }
static const char* slow_find(const char* s, int c, size_t n) { for (size_t i = 0; i < n; i++) if ((unsigned char)((const volatile char*)s)[i] == (unsigned char)c) return s + i; return NULL; }
static int sign(int x) { return (x > 0) - (x < 0); }
static int slow_compare(const volatile unsigned char* a, const volatile unsigned char* b) { while (*a && *a == *b) a++, b++; return sign(*a - *b); }
int main(int argc, char** argv) {
    d8 a, b; i8 c; b64 bytes = {0};
    for (int i = 0; i < 8; i++) { a[i] = i + argc; b[i] = 2 - i; c[i] = i * i; }
    const d8 r = muladd(a, b, c);
    for (int i = 0; i < 8; i++) printf("%g ", r[i]);
    for (int i = 0; i < 64; i++) bytes[i] = (uint8_t)(i * 37 + argc);
    bytes = (bytes > 100) & (bytes >> 1);
    unsigned total = 0; for (int i = 0; i < 64; i++) total = total * 31 + bytes[i];
    printf("%u\n", total);
    static int out[100], in[100], which[100];
    for (int i = 0; i < 100; i++) { in[i] = i * 7; which[i] = i % 5; }
    some(out, in, which, 97 + argc);
    int sum = 0; for (int i = 0; i < 100; i++) sum = sum * 3 + out[i];
    for (int i = 0; i < 12; i++) shifted[i] = i * i;
    for (int i = 0; i < 14; i++) shift(i);
    for (int i = 0; i < 12; i++) sum = sum * 5 + shifted[i];
    printf("%d %d %d\n", sum, numbered((const unsigned char*)"\1\2\1\3", 0), numbered((const unsigned char*)"\1\2\1\3", argc));
    for (int i = 0; i < 5; i++) printf("%d ", gaps("\0\1\4\6\x9"[i]));
    // Every alignment and length across two blocks, and strings that end right before a page's end.
    char* pages = aligned_alloc(4096, 8192);
    unsigned wrong = 0;
    for (int from = 4096 - 70; from < 4096; from++) {
        for (int n = 0; n < 70 + (from & 3) * 20; n++) {
            memset(pages, 'x', 8192);
            pages[from + n] = 0; pages[from + n / 2] = 'y'; pages[from + n] = 0;
            const char* s = pages + from;
            wrong += strlen(s) != slow_length(s);
            wrong += strchr(s, 'y') != slow_find(s, 'y', (size_t)n) || strchr(s, 0) != s + n || strchr(s, 'q') != NULL;
            wrong += memchr(s, 0, 200) != s + n || memchr(s, 0, (size_t)n) != NULL || memchr(s, 'y', (size_t)n) != slow_find(s, 'y', (size_t)n) || memchr(s, 0, SIZE_MAX) != s + n;
            char other[200]; memcpy(other, s, (size_t)n + 1);
            wrong += sign(strcmp(s, other)) != 0;
            if (n) { other[n * 2 / 3] ^= (char)0x85; wrong += sign(strcmp(s, other)) != slow_compare((unsigned char*)s, (unsigned char*)other) || sign(strcmp(other, s)) != slow_compare((unsigned char*)other, (unsigned char*)s); }
        }
    }
    printf("%u wrong\n", wrong);
    return 0;
}
