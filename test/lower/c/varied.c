#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct point { double x, y; };
struct mixed { char c; short s; int i; long long l; float f; double d; unsigned b1 : 3, b2 : 9; signed b3 : 5; };
union any { int i; float f; unsigned char bytes[8]; double d; };
static struct point add(struct point a, struct point b) { return (struct point){a.x + b.x, a.y + b.y}; }
static struct mixed change(struct mixed m) { m.c++; m.s--; m.b1 += 3; m.b2 *= 2; m.b3 -= 4; m.l <<= 3; return m; }
static int sum(int n, ...) { va_list a; va_start(a, n); int s = 0; for (int i = 0; i < n; ++i) s += va_arg(a, int); va_end(a); return s; }
static double mixed_args(const char* f, ...) {
    va_list a, b; va_start(a, f); va_copy(b, a); double t = 0;
    for (const char* p = f; *p; ++p) switch (*p) { case 'i': t += va_arg(a, int); break; case 'd': t += va_arg(a, double); break; case 'l': t += (double)va_arg(a, long long); break; case 's': t += (double)strlen(va_arg(a, char*)); break; case 'p': t += va_arg(a, struct point).x; break; }
    va_end(a); t += va_arg(b, int); va_end(b); return t;
}
static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static int op_add(int a, int b) { return a + b; } static int op_mul(int a, int b) { return a * b; } static int op_sub(int a, int b) { return a - b; }
static int (*const ops[])(int, int) = {op_add, op_mul, op_sub};
static const char* const names[] = {"zero", "one", "two"};
static struct { const char* n; int (*f)(int, int); const int* p; } table[] = {{"add", op_add, 0}, {"mul", op_mul, 0}, {"sub", op_sub, 0}};
static int classify(int c) { switch (c) { case 1: case 2: case 3: return 10; case 100: return 20; case -5: return 30; case INT_MAX: return 40; default: return c > 50 ? 50 : 60; } }
static int by_double(const void* a, const void* b) { double x = *(double*)a, y = *(double*)b; return (x > y) - (x < y); }
static float __attribute__((noinline)) fl(float a, float b) { return a / b; }
static void matrix(int n) { double m[n][n]; for (int i = 0; i < n; ++i) for (int j = 0; j < n; ++j) m[i][j] = i * 10 + j; double s = 0; for (int i = 0; i < n; ++i) s += m[i][n - 1 - i]; printf("vla %.1f %u\n", s, (unsigned)(sizeof m / sizeof(double))); }
static uint64_t mix(uint64_t x) { x ^= x >> 33; x *= 0xff51afd7ed558ccdull; x ^= x >> 33; return x; }
int main(void) {
    struct point p = add((struct point){1, 2}, (struct point){3.5, 4.25});
    printf("%g %g\n", p.x, p.y);
    struct mixed m = {'a', 7, -3, 1234567890123LL, 1.5f, 2.25, 5, 300, -8};
    m = change(m);
    printf("%c %d %d %lld %g %g %u %u %d\n", m.c, m.s, m.i, m.l, m.f, m.d, m.b1, m.b2, m.b3);
    union any u = {.f = 1.0f}; printf("%x\n", (unsigned)u.i);
    printf("%d %g\n", sum(5, 1, 2, 3, 4, 5), mixed_args("idlsp", 3, 2.5, 100LL, "four", p));
    printf("%d\n", fib(20));
    for (int i = 0; i < 3; ++i) printf("%s %d %s %d\n", names[i], ops[i](6, 7), table[i].n, table[i].f(9, 3));
    printf("%d %d %d %d %d %d\n", classify(2), classify(100), classify(-5), classify(INT_MAX), classify(60), classify(0));
    double v[] = {3.5, -1, 9.25, 0, 2}; qsort(v, 5, sizeof *v, by_double); for (int i = 0; i < 5; ++i) printf("%g ", v[i]); puts("");
    printf("%d %d %u %d\n", -7 / 2, -7 % 3, 7u / 2, (-8) >> 1);
    volatile long long big = -9000000000LL; printf("%lld %lld %lld %llu\n", big / 7, big % 7, big >> 3, (unsigned long long)big / 3);
    printf("%.3f %.3f %.3f %.3f %.3f %.6f\n", sqrt(2), sin(1), pow(2, 0.5), exp(1), fmod(10.5, 3), fl(1, 3));
    printf("%g %g %g %g %g\n", floor(-1.5), ceil(1.2), round(2.5), trunc(-2.7), rint(2.5));
    printf("%d %d %d\n", (int)3.99, (int)-3.99, (unsigned char)300);
    printf("%s|%10s|%-10s|%05d|%+d|%x|%X|%o|%e|%g|%c|%%\n", "str", "right", "left", 42, 7, 255, 255, 8, 12345.678, 0.0001, 'q');
    printf("%lld %llu %hd %hhd %zu\n", LLONG_MIN, ULLONG_MAX, (short)-5, (signed char)-7, sizeof(int));
    char buffer[100]; int n; double d; char w[10];
    sprintf(buffer, "%d %s %f", 17, "word", 2.5); sscanf(buffer, "%d %9s %lf", &n, w, &d); printf("%d %s %g\n", n, w, d);
    printf("%s %s %s\n", strchr("hello", 'l'), strstr("haystack", "st"), strrchr("a/b/c", '/'));
    printf("%d %d %d\n", strcmp("abc", "abd") < 0, memcmp("aab", "aaa", 3) > 0, strncmp("abc", "abx", 2));
    char* t = strdup("one,two,three"); for (char* q = strtok(t, ","); q; q = strtok(0, ",")) printf("[%s]", q); puts(""); free(t);
    printf("%ld %ld %lu %g\n", strtol("-123abc", 0, 10), strtol("ff", 0, 16), strtoul("777", 0, 8), strtod("1.5e3", 0));
    matrix(7);
    uint64_t h = 1; for (int i = 0; i < 100; ++i) h = mix(h + (uint64_t)i); printf("%llx\n", (unsigned long long)h);
    char* blocks[200]; unsigned seed = 1; size_t total = 0;
    for (int round = 0; round < 20; ++round) { for (int i = 0; i < 200; ++i) { seed = seed * 1103515245u + 12345u; size_t s = seed % 3000 + 1; if (round) { total += (unsigned char)blocks[i][0]; free(blocks[i]); } blocks[i] = malloc(s); memset(blocks[i], i, s); } }
    printf("%u\n", (unsigned)total);
    char* big_block = malloc(20 << 20); memset(big_block, 5, 20 << 20); long s = 0; for (int i = 0; i < 20 << 20; i += 4096) s += big_block[i]; printf("%ld\n", s); big_block = realloc(big_block, 30 << 20); printf("%d\n", big_block[(20 << 20) - 1]); free(big_block);
    int (*compound)[3] = &(int[3]){1, 2, 3}; printf("%d\n", (*compound)[2]);
    printf("%d %d\n", toupper('x'), isdigit('5') != 0);
    printf("%d %d %d %d\n", __builtin_clz(1000), __builtin_ctz(1000), __builtin_popcount(12345), __builtin_bswap32(0x12345678));
    int result; printf("%d %d\n", __builtin_add_overflow(INT_MAX, 1, &result), __builtin_mul_overflow(3, 4, &result));
    unsigned __int128 wide = (unsigned __int128)0xffffffffffffffffull * 12345; printf("%llx %llx\n", (unsigned long long)(wide >> 64), (unsigned long long)wide); wide /= 1000000007u; printf("%llx %llx\n", (unsigned long long)(wide >> 64), (unsigned long long)wide);
    return (int)(h & 3);
}
