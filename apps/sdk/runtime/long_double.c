// long double is IEEE 754 binary128, in integer arithmetic: the compiler calls these for each operation.
// Rounding is to nearest, ties to even; there are no exception flags.
typedef unsigned __int128 u128;
typedef __int128 i128;
typedef unsigned long long u64;
typedef long double quad;

#define FRACTION_BITS 112
#define BIAS 16383
#define EXPONENT_MAX 0x7fff
#define SIGN ((u128)1 << 127)
#define HIDDEN ((u128)1 << FRACTION_BITS)
#define FRACTION (HIDDEN - 1)
#define INFINITE ((u128)EXPONENT_MAX << FRACTION_BITS)
#define NOT_A_NUMBER (INFINITE | ((u128)1 << (FRACTION_BITS - 1)))

static u128 bits_of(quad x) { return __builtin_bit_cast(u128, x); }
static quad quad_of(u128 bits) { return __builtin_bit_cast(quad, bits); }

static int leading_zeros(u128 x) {
    const u64 high = (u64)(x >> 64);
    return high != 0 ? __builtin_clzll(high) : 64 + ((u64)x == 0 ? 64 : __builtin_clzll((u64)x));
}

// digits * 2^(exponent - BIAS - FRACTION_BITS - 3), with three bits below the last place (the lowest is sticky), rounded.
static quad round_and_pack(u128 sign, int exponent, u128 digits) {
    if (digits == 0) {
        return quad_of(sign);
    }
    int shift = leading_zeros(digits) - (127 - FRACTION_BITS - 3);
    if (exponent - shift < 1) {
        shift = exponent - 1;  // subnormal: no more can be shifted out on top
    }
    if (shift >= 0) {
        digits <<= shift;
    } else {
        const int down = -shift;
        digits = down > 126 ? 1 : (digits >> down) | ((digits & (((u128)1 << down) - 1)) != 0);
    }
    exponent -= shift;
    const unsigned below = (unsigned)digits & 7;
    digits >>= 3;
    digits += below > 4 || (below == 4 && (digits & 1));
    if (digits >= HIDDEN << 1) {
        digits >>= 1;
        ++exponent;
    }
    if (digits < HIDDEN) {
        return quad_of(sign | digits);
    }
    if (exponent >= EXPONENT_MAX) {
        return quad_of(sign | INFINITE);
    }
    return quad_of(sign | ((u128)exponent << FRACTION_BITS) | (digits & FRACTION));
}

struct parts {
    u128 sign;
    int exponent;  // biased; of a subnormal 1
    u128 digits;   // with the hidden bit
};
static struct parts split(u128 bits) {
    struct parts parts = {bits & SIGN, (int)(bits >> FRACTION_BITS) & EXPONENT_MAX, bits & FRACTION};
    if (parts.exponent == 0) {
        parts.exponent = 1;
    } else {
        parts.digits |= HIDDEN;
    }
    return parts;
}
static int is_nan(u128 bits) { return (bits & ~SIGN) > INFINITE; }

quad __addtf3(quad x, quad y) {
    u128 a = bits_of(x), b = bits_of(y);
    if (is_nan(a) || is_nan(b)) {
        return quad_of(NOT_A_NUMBER);
    }
    if ((a & ~SIGN) < (b & ~SIGN)) {
        const u128 swap = a;
        a = b;
        b = swap;
    }
    if ((a & ~SIGN) == INFINITE) {
        return (b & ~SIGN) == INFINITE && a != b ? quad_of(NOT_A_NUMBER) : quad_of(a);
    }
    struct parts big = split(a), small = split(b);
    big.digits <<= 3;
    small.digits <<= 3;
    const int down = big.exponent - small.exponent;
    if (down != 0) {
        small.digits = down > 120 ? small.digits != 0 : (small.digits >> down) | ((small.digits & (((u128)1 << down) - 1)) != 0);
    }
    if (big.sign == small.sign) {
        return round_and_pack(big.sign, big.exponent, big.digits + small.digits);
    }
    const u128 difference = big.digits - small.digits;
    return difference == 0 ? quad_of(0) : round_and_pack(big.sign, big.exponent, difference);
}
quad __subtf3(quad x, quad y) { return __addtf3(x, quad_of(bits_of(y) ^ SIGN)); }

quad __multf3(quad x, quad y) {
    const u128 a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN;
    if (is_nan(a) || is_nan(b)) {
        return quad_of(NOT_A_NUMBER);
    }
    if ((a & ~SIGN) == INFINITE || (b & ~SIGN) == INFINITE) {
        return (a & ~SIGN) == 0 || (b & ~SIGN) == 0 ? quad_of(NOT_A_NUMBER) : quad_of(sign | INFINITE);
    }
    if ((a & ~SIGN) == 0 || (b & ~SIGN) == 0) {
        return quad_of(sign);
    }
    struct parts p = split(a), q = split(b);
    // Left-aligned, so that the product's high half keeps all places that count.
    const int left = leading_zeros(p.digits), right = leading_zeros(q.digits);
    const u128 m = p.digits << left, n = q.digits << right;
    const u64 m1 = (u64)(m >> 64), m0 = (u64)m, n1 = (u64)(n >> 64), n0 = (u64)n;
    const u128 low = (u128)m0 * n0, mid1 = (u128)m1 * n0, mid2 = (u128)m0 * n1;
    const u128 carry = (low >> 64) + (u64)mid1 + (u64)mid2;
    const u128 high = (u128)m1 * n1 + (mid1 >> 64) + (mid2 >> 64) + (carry >> 64);
    const int sticky = (u64)low != 0 || (u64)carry != 0;
    // high * 2^128 = m * n; digits carry 3 extra places.
    const int exponent = p.exponent + q.exponent - BIAS - left - right + 128 - FRACTION_BITS + 3;
    return round_and_pack(sign, exponent, high | (u128)sticky);
}

quad __divtf3(quad x, quad y) {
    const u128 a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN;
    const u128 p = a & ~SIGN, q = b & ~SIGN;
    if (is_nan(a) || is_nan(b) || (p == INFINITE && q == INFINITE) || (p == 0 && q == 0)) {
        return quad_of(NOT_A_NUMBER);
    }
    if (p == INFINITE || q == 0) {
        return quad_of(sign | INFINITE);
    }
    if (p == 0 || q == INFINITE) {
        return quad_of(sign);
    }
    struct parts n = split(a), d = split(b);
    const int left = leading_zeros(n.digits) - (127 - FRACTION_BITS), right = leading_zeros(d.digits) - (127 - FRACTION_BITS);
    u128 rest = n.digits << left, divisor = d.digits << right, quotient = 0;
    for (int i = 0; i < FRACTION_BITS + 4; ++i) {  // one bit at a time; four more than the result keeps
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
        rest <<= 1;
    }
    return round_and_pack(sign, n.exponent - d.exponent + BIAS - left + right, quotient | (rest != 0));
}

// 1: equal, 2: greater, 4: less, 8: unordered (the bits of LLVM's predicates).
int __tessera_cmptf2(quad x, quad y) {
    const u128 a = bits_of(x), b = bits_of(y);
    if (is_nan(a) || is_nan(b)) {
        return 8;
    }
    if (a == b || ((a | b) & ~SIGN) == 0) {
        return 1;
    }
    const int negative_a = (a & SIGN) != 0, negative_b = (b & SIGN) != 0;
    if (negative_a != negative_b) {
        return negative_a ? 4 : 2;
    }
    return ((a & ~SIGN) > (b & ~SIGN)) != negative_a ? 2 : 4;
}

quad __extenddftf2(double x) {
    const u64 bits = __builtin_bit_cast(u64, x);
    const u128 sign = (u128)(bits >> 63) << 127;
    const int exponent = (int)(bits >> 52) & 0x7ff;
    const u128 fraction = (u128)(bits & 0xfffffffffffff) << (FRACTION_BITS - 52);
    if (exponent == 0x7ff) {
        return quad_of(sign | INFINITE | fraction | (fraction != 0 ? NOT_A_NUMBER : 0));
    }
    if (exponent == 0) {
        return round_and_pack(sign, 1 - 1023 + BIAS, fraction << 3);
    }
    return quad_of(sign | ((u128)(exponent - 1023 + BIAS) << FRACTION_BITS) | fraction);
}
quad __extendsftf2(float x) { return __extenddftf2((double)x); }

double __trunctfdf2(quad x) {
    const u128 bits = bits_of(x);
    const u64 sign = (u64)(bits >> 127) << 63;
    const struct parts parts = split(bits);
    if (is_nan(bits)) {
        return __builtin_bit_cast(double, sign | 0x7ff8000000000000);
    }
    int exponent = parts.exponent - BIAS + 1023;
    if (exponent >= 0x7ff) {
        return __builtin_bit_cast(double, sign | 0x7ff0000000000000);
    }
    // The place after the last one that stays, and everything below it.
    int down = FRACTION_BITS - 52;
    if (exponent < 1) {
        down += 1 - exponent;
        exponent = 0;
    }
    if (down > 125) {
        return __builtin_bit_cast(double, sign);
    }
    u64 kept = (u64)(parts.digits >> down);
    const u128 lost = parts.digits & (((u128)1 << down) - 1), half = (u128)1 << (down - 1);
    kept += lost > half || (lost == half && (kept & 1));
    // The hidden bit adds one to the exponent by itself, and so does a carry out of the fraction.
    return __builtin_bit_cast(double, sign | (exponent == 0 ? kept : ((u64)(exponent - 1) << 52) + kept));
}
float __trunctfsf2(quad x) {
    // To odd first, so that the second rounding is right.
    const u128 bits = bits_of(x);
    const u128 lost = (u128)((u64)1 << 60) - 1;
    const int is_finite = (bits & ~SIGN) < INFINITE;
    const u128 odd = is_finite && (bits & lost) != 0 ? (bits & ~lost) | (lost + 1) : bits;
    return (float)__trunctfdf2(quad_of(odd));
}

static u128 to_whole(quad x, u128 most) {
    const struct parts parts = split(bits_of(x));
    const int shift = parts.exponent - BIAS - FRACTION_BITS;
    const u128 whole = shift > 15 ? ~(u128)0 : shift >= 0 ? parts.digits << shift : shift < -127 ? 0 : parts.digits >> -shift;
    return whole > most ? most : whole;
}
static int is_negative(quad x) { return (bits_of(x) & SIGN) != 0; }
static i128 to_signed(quad x, u128 most) {
    if (is_nan(bits_of(x))) {
        return 0;
    }
    return is_negative(x) ? (i128)-to_whole(x, most + 1) : (i128)to_whole(x, most);
}
static u128 to_unsigned(quad x, u128 most) { return is_negative(x) || is_nan(bits_of(x)) ? 0 : to_whole(x, most); }
int __fixtfsi(quad x) { return (int)to_signed(x, 0x7fffffff); }
long long __fixtfdi(quad x) { return (long long)to_signed(x, 0x7fffffffffffffff); }
i128 __fixtfti(quad x) { return to_signed(x, SIGN - 1); }
unsigned __fixunstfsi(quad x) { return (unsigned)to_unsigned(x, 0xffffffff); }
u64 __fixunstfdi(quad x) { return (u64)to_unsigned(x, ~(u64)0); }
u128 __fixunstfti(quad x) { return to_unsigned(x, ~(u128)0); }

static quad from_whole(u128 sign, u128 whole) { return round_and_pack(sign, BIAS + FRACTION_BITS + 3, whole); }
quad __floatunditf(u64 x) { return from_whole(0, x); }
quad __floatunsitf(unsigned x) { return from_whole(0, x); }
quad __floatditf(long long x) { return x < 0 ? from_whole(SIGN, -(u64)x) : from_whole(0, (u64)x); }
quad __floatsitf(int x) { return __floatditf(x); }
quad __floatuntitf(u128 x) { return from_whole(0, x); }
quad __floattitf(i128 x) { return x < 0 ? from_whole(SIGN, -(u128)x) : from_whole(0, (u128)x); }
