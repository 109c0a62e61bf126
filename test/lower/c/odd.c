// Integers of odd width, computed goto, long double, 128 bits.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef _BitInt(24) i24; typedef unsigned _BitInt(37) u37; typedef _BitInt(5) i5; typedef unsigned _BitInt(100) u100;
static int interpret(const unsigned char* code) {
    static const void* const labels[] = {&&halt, &&inc, &&dbl, &&neg, &&loop};
    int x = 1, n = 0;
    goto *labels[*code];
inc: x++; goto *labels[*++code];
dbl: x *= 2; goto *labels[*++code];
neg: x = -x; goto *labels[*++code];
loop: if (n++ < 3) code -= 2; goto *labels[*++code];
halt: return x;
}
struct packed { i24 a; u37 b; } __attribute__((packed));
int main(void) {
    volatile int one = 1;
    i24 a = (i24)(8388607 * one); a = (i24)(a + one); printf("%d\n", (int)a); u37 b = (u37)one << 36; b *= 3; printf("%llu\n", (unsigned long long)b);
    i5 c = (i5)(-16 * one); printf("%d %d %d\n", (int)(c >> 2), (int)(c / 3), (int)((i5)(c - one))); u100 d = (u100)one << 99; d += 12345; d /= 7; printf("%llu\n", (unsigned long long)(d >> 60));
    struct packed p = {(i24)(-5 * one), 77}; printf("%d %d\n", (int)p.a, (int)p.b);
    static const unsigned char code[] = {1, 2, 1, 4, 3, 0}; printf("%d\n", interpret(code));
    __int128 w = -one; w <<= 70; w -= 5; printf("%lld %llx\n", (long long)(w / ((__int128)1 << 66)), (unsigned long long)(w % 1000)); printf("%g %d\n", (double)w, (int)((__int128)1e25 == (__int128)1e25));
    long double l = one; for (int i = 1; i < 20; ++i) l = l / 3 + (long double)i * 1.5L - 0.25L; printf("%.12f %d %lld\n", (double)l, l > 10, (long long)(l * 1000)); printf("%d %d %d\n", l != l, l == l, -l < 0);
    printf("%.17g %.17g\n", (double)(1.0L / 3), (double)(float)(2.0L / 7));
    printf("%d %.9g\n", (int)(l * 0), (double)((long double)1e300 * 1e-290L));
    return 0;
}
