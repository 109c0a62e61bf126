// Division and conversions of 128-bit integers, which the compiler calls by these names.
typedef __int128 i128;
typedef unsigned __int128 u128;
typedef unsigned long long u64;

static int leading_zeros(u128 x) {
    const u64 high = (u64)(x >> 64);
    return high != 0 ? __builtin_clzll(high) : 64 + (x == 0 ? 64 : __builtin_clzll((u64)x));
}

// Schoolbook division, a bit at a time; 64-bit operands take the processor's own.
static u128 divide(u128 n, u128 d, u128* rest) {
    if (d == 0) {
        __builtin_trap();
    }
    if ((n >> 64) == 0 && (d >> 64) == 0) {
        *rest = (u64)n % (u64)d;
        return (u64)n / (u64)d;
    }
    if (d > n) {
        *rest = n;
        return 0;
    }
    int shift = leading_zeros(d) - leading_zeros(n);
    u128 quotient = 0;
    for (d <<= shift; shift >= 0; --shift, d >>= 1) {
        quotient <<= 1;
        if (n >= d) {
            n -= d;
            quotient |= 1;
        }
    }
    *rest = n;
    return quotient;
}

u128 __udivti3(u128 n, u128 d) {
    u128 rest;
    return divide(n, d, &rest);
}
u128 __umodti3(u128 n, u128 d) {
    u128 rest;
    divide(n, d, &rest);
    return rest;
}
static u128 magnitude(i128 x) { return x < 0 ? -(u128)x : (u128)x; }
i128 __divti3(i128 n, i128 d) {
    const u128 quotient = __udivti3(magnitude(n), magnitude(d));
    return (i128)((n < 0) != (d < 0) ? -quotient : quotient);
}
i128 __modti3(i128 n, i128 d) {
    const u128 rest = __umodti3(magnitude(n), magnitude(d));
    return (i128)(n < 0 ? -rest : rest);
}

double __floatuntidf(u128 x) {
    const int bits = 128 - leading_zeros(x);
    if (bits <= 64) {
        return (double)(u64)x;
    }
    // The top 64 bits, with a sticky last bit so that rounding sees what is below.
    const int shift = bits - 64;
    u64 top = (u64)(x >> shift);
    top |= (x & (((u128)1 << shift) - 1)) != 0;
    return (double)top * __builtin_bit_cast(double, (u64)(1023 + shift) << 52);
}
double __floattidf(i128 x) { return x < 0 ? -__floatuntidf(-(u128)x) : __floatuntidf((u128)x); }
float __floatuntisf(u128 x) {
    const int bits = 128 - leading_zeros(x);
    if (bits <= 64) {
        return (float)(u64)x;
    }
    const int shift = bits - 64;
    u64 top = (u64)(x >> shift);
    top |= (x & (((u128)1 << shift) - 1)) != 0;
    return (float)top * __builtin_bit_cast(float, (unsigned)(127 + shift) << 23);
}
float __floattisf(i128 x) { return x < 0 ? -__floatuntisf(-(u128)x) : __floatuntisf((u128)x); }

u128 __fixunsdfti(double x) {
    if (!(x >= 1)) {
        return 0;
    }
    const u64 bits = __builtin_bit_cast(u64, x);
    const int exponent = (int)(bits >> 52) - 1075;
    const u128 digits = (bits & 0xfffffffffffff) | 0x10000000000000;
    return exponent > 75 ? ~(u128)0 : exponent >= 0 ? digits << exponent : digits >> -exponent;
}
i128 __fixdfti(double x) {
    const u128 limit = (u128)1 << 127;
    const u128 whole = __fixunsdfti(x < 0 ? -x : x);
    if (x < 0) {
        return whole >= limit ? (i128)limit : -(i128)whole;
    }
    return whole >= limit ? (i128)(limit - 1) : (i128)whole;
}
u128 __fixunssfti(float x) { return __fixunsdfti(x); }
i128 __fixsfti(float x) { return __fixdfti(x); }

double __powidf2(double x, int n) {
    double result = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : (unsigned)n; left != 0; left >>= 1, x *= x) {
        if (left & 1) {
            result *= x;
        }
    }
    return n < 0 ? 1 / result : result;
}
float __powisf2(float x, int n) { return (float)__powidf2(x, n); }
