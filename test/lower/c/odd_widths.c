// Arithmetic that the optimiser does on truth values and on integers of odd width: bit-fields, comparisons, _BitInt.
#include <stdbool.h>
#include <stdio.h>

struct Bits {
    unsigned one : 1;
    int minus : 1;
    unsigned three : 3;
    unsigned long long forty : 40;
    int seventeen : 17;
} bits;

__attribute__((noinline)) static int larger_bit(void) { return (0 < bits.one) | bits.one; }
__attribute__((noinline)) static int signed_bits(int x) {
    bits.minus = x;
    return bits.minus > -1 ? bits.minus : -1;
}
__attribute__((noinline)) static bool both(bool a, bool b) { return a < b ? a : b; }
__attribute__((noinline)) static bool either(bool a, bool b) { return a > b ? a : b; }
__attribute__((noinline)) static int sum_of_bits(const bool* x, int n) {
    bool odd = false, all = true;
    for (int i = 0; i < n; ++i) {
        odd ^= x[i];
        all &= x[i];
    }
    return odd * 2 + all;
}
__attribute__((noinline)) static int overflow(_BitInt(17) a, _BitInt(17) b) {
    _BitInt(17) sum = 0;
    const bool lost = __builtin_add_overflow(a, b, &sum);
    return lost ? -1 : (int)sum;
}
__attribute__((noinline)) static int product(unsigned _BitInt(20) a, unsigned _BitInt(20) b) {
    unsigned _BitInt(20) all = 0;
    const bool lost = __builtin_mul_overflow(a, b, &all);
    return lost ? -1 : (int)all;
}
__attribute__((noinline)) static unsigned turned(unsigned _BitInt(24) x, int by) {
    return (unsigned)(unsigned _BitInt(24))((x << by) | (x >> (24 - by)));
}
__attribute__((noinline)) static int clamped(_BitInt(12) x) { return x < -100 ? -100 : (x > 100 ? 100 : (int)x); }
__attribute__((noinline)) static int magnitude(_BitInt(33) x) { return (int)(x < 0 ? -x : x); }

// Signs mixed: clang multiplies in 65 bits.
__attribute__((noinline)) static int mixed(long long a, unsigned long long b) {
    long long all = 0;
    return __builtin_mul_overflow(a, b, &all) ? -1 : (int)all;
}
__attribute__((noinline)) static int huge(__int128 a, __int128 b) {
    __int128 all = 0;
    return __builtin_mul_overflow(a, b, &all) ? -1 : (int)(all >> 64);
}

int main(void) {
    bool flags[19];
    for (int i = 0; i < 4; ++i) {
        bits.one = i;
        bits.three = 5 + i;
        bits.forty = 0xff00000000ULL + i * 0x123456789aULL;
        bits.seventeen = 60000 * i;
        printf("%d %d %d %llx %d\n", larger_bit(), signed_bits(i), bits.three, (unsigned long long)bits.forty,
               bits.seventeen);
        printf("%d %d\n", both(i & 1, i & 2), either(i & 1, i & 2));
        for (int j = 0; j < 19; ++j) {
            flags[j] = (j * i) & 1 || i == 3;
        }
        printf("%d\n", sum_of_bits(flags, 19));
    }
    printf("%d %d\n", overflow(60000, 5000), overflow(60000, 6000));
    printf("%d %d\n", product(1000, 1000), product(1024, 1024));
    printf("%x %x\n", turned(0x123456, 8), turned(0x800001, 1));
    printf("%d %d %d\n", clamped(-2000), clamped(50), clamped(1999));
    printf("%d %d %d\n", mixed(-7, 9), mixed(-9223372036854775807LL - 1, 1) == 0, mixed(3, 1ULL << 63));
    printf("%d %d\n", huge((__int128)5 << 64, 3), huge((__int128)1 << 100, (__int128)1 << 30));
    printf("%d %d\n", magnitude(-5), magnitude(7));
    return 0;
}
