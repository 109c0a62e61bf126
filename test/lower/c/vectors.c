// Loops that the vectorisers like, with odd widths, strides and mixed types.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define N 517
static float a[N], b[N]; static double x[N], y[N]; static int32_t i32[N * 4]; static int16_t i16[N]; static int8_t i8[N]; static uint8_t u8[N * 3]; static int64_t i64[N]; static uint64_t u64[N];
static unsigned hash(const void* p, size_t n) { const unsigned char* q = p; unsigned h = 2166136261u; while (n--) h = (h ^ *q++) * 16777619u; return h; }
#define SHOW(v) printf(#v " %08x\n", hash(v, sizeof v))
__attribute__((noinline)) static void kernels(int n) {
    for (int i = 0; i < n; ++i) a[i] = b[i] * 2.5f + a[i];
    for (int i = 0; i < n; ++i) x[i] = a[i] > 10 ? y[i] : x[i] / 3;
    for (int i = 0; i < n; ++i) i64[i] = i8[i] * (int64_t)i16[i];
    for (int i = 0; i < n; ++i) u64[i] = (uint64_t)(uint32_t)i32[i] * 3000000007u;
    for (int i = 0; i < n; ++i) { u8[3 * i] = (uint8_t)(u8[3 * i] + 1); u8[3 * i + 1] = (uint8_t)(u8[3 * i + 2] ^ u8[3 * i]); u8[3 * i + 2] = (uint8_t)i; }
    for (int i = 0; i < n; ++i) { int r = i32[4 * i], g = i32[4 * i + 1]; i32[4 * i] = g; i32[4 * i + 1] = r + i32[4 * i + 3]; }
    for (int i = 0; i < n; ++i) i16[i] = (int16_t)(i16[i] > 100 ? 100 : i16[i] < -100 ? -100 : i16[i] + 1);
    for (int i = n - 1; i > 0; --i) i8[i] = (int8_t)(i8[i - 1] ^ (i8[i] >> 1));
}
__attribute__((noinline)) static double reduce(int n) { double s = 0; long long t = 0; int m = -1; unsigned char any = 0; for (int i = 0; i < n; ++i) { t += i32[i]; } for (int i = 0; i < n; ++i) m = i16[i] > m ? i16[i] : m; for (int i = 0; i < n; ++i) any |= u8[i]; for (int i = 0; i < n; ++i) s += x[i]; return s + (double)t + m + any; }
__attribute__((noinline)) static int find(const unsigned char* p, int n, int c) { for (int i = 0; i < n; ++i) if (p[i] == c) return i; return -1; }
__attribute__((noinline)) static int all_equal(int n) { int good = 1; for (int i = 0; i < n; ++i) good &= (i64[i] == i64[i]) & (u64[i] != 1); return good; }
typedef float v4 __attribute__((vector_size(16))); typedef int i3 __attribute__((ext_vector_type(3))); typedef unsigned char c16 __attribute__((vector_size(16)));
__attribute__((noinline)) static v4 vec(v4 p, v4 q, int k) { v4 r = p * q + 1; r[k & 3] = 9; return __builtin_shufflevector(r, q, 0, 5, 2, 7); }
__attribute__((noinline)) static i3 three(i3 p, i3 q) { return p.zxy * q - 1; }
int main(void) {
    unsigned s = 12345;
    for (int i = 0; i < N; ++i) { s = s * 1103515245u + 12345u; a[i] = (float)(s >> 20); b[i] = (float)(s & 255); x[i] = s * 0.25; y[i] = i; i16[i] = (int16_t)(s >> 8); i8[i] = (int8_t)(s >> 16); }
    for (int i = 0; i < N * 4; ++i) i32[i] = (int32_t)(s = s * 1664525u + 1013904223u); for (int i = 0; i < N * 3; ++i) u8[i] = (uint8_t)(i * 7);
    kernels(N); SHOW(a); SHOW(x); SHOW(i64); SHOW(u64); SHOW(u8); SHOW(i32); SHOW(i16); SHOW(i8);
    printf("%.3f %d %d\n", reduce(N), find(u8, N * 3, 201), all_equal(N));
    v4 r = vec((v4){1, 2, 3, 4}, (v4){5, 6, 7, 8}, 2); printf("%g %g %g %g\n", r[0], r[1], r[2], r[3]);
    i3 t = three((i3){1, 2, 3}, (i3){4, 5, 6}); printf("%d %d %d\n", t.x, t.y, t.z);
    c16 m; memset(&m, 3, 16); m = m * 5 > 14; printf("%d %d\n", m[0], m[15]);
    return 0;
}
