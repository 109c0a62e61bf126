// Check sums, hashes, ciphers.
#include "kernels.h"

static uint8_t data[65536];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)next_random(&state);
    }
}

static uint64_t crc32(void) {
    static uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) {
            value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
        }
        table[i] = value;
    }
    fill();
    uint32_t crc = ~0u;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof data; i++) {
            crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
        }
    }
    return crc;
}

static inline uint32_t turn(uint32_t x, int by) { return x << by | x >> (32 - by); }

static uint64_t sha256(void) {
    static const uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
        0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
        0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
        0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    fill();
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int round = 0; round < 30; round++) {
        for (size_t block = 0; block < sizeof data; block += 64) {
            uint32_t w[64], s[8];
            for (int i = 0; i < 16; i++) {
                const uint8_t *p = data + block + i * 4;
                w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
            }
            for (int i = 16; i < 64; i++) {
                const uint32_t s0 = turn(w[i - 15], 25) ^ turn(w[i - 15], 14) ^ w[i - 15] >> 3;
                const uint32_t s1 = turn(w[i - 2], 15) ^ turn(w[i - 2], 13) ^ w[i - 2] >> 10;
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }
            for (int i = 0; i < 8; i++) {
                s[i] = h[i];
            }
            for (int i = 0; i < 64; i++) {
                const uint32_t t1 = s[7] + (turn(s[4], 26) ^ turn(s[4], 21) ^ turn(s[4], 7)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
                const uint32_t t2 = (turn(s[0], 30) ^ turn(s[0], 19) ^ turn(s[0], 10)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
                for (int j = 7; j > 0; j--) {
                    s[j] = s[j - 1];
                }
                s[4] += t1;
                s[0] = t1 + t2;
            }
            for (int i = 0; i < 8; i++) {
                h[i] += s[i];
            }
        }
    }
    return (uint64_t)h[0] << 32 | h[7];
}

#define QUARTER(a, b, c, d) \
    a += b; d = turn(d ^ a, 16); c += d; b = turn(b ^ c, 12); a += b; d = turn(d ^ a, 8); c += d; b = turn(b ^ c, 7)

static uint64_t chacha(void) {
    fill();
    uint32_t in[16], x[16];
    uint32_t state = kernel_seed;
    for (int i = 0; i < 16; i++) {
        in[i] = next_random(&state);
    }
    for (int round = 0; round < 200; round++) {
        for (size_t block = 0; block < sizeof data; block += 64) {
            in[12]++;
            for (int i = 0; i < 16; i++) {
                x[i] = in[i];
            }
            for (int i = 0; i < 10; i++) {
                QUARTER(x[0], x[4], x[8], x[12]);
                QUARTER(x[1], x[5], x[9], x[13]);
                QUARTER(x[2], x[6], x[10], x[14]);
                QUARTER(x[3], x[7], x[11], x[15]);
                QUARTER(x[0], x[5], x[10], x[15]);
                QUARTER(x[1], x[6], x[11], x[12]);
                QUARTER(x[2], x[7], x[8], x[13]);
                QUARTER(x[3], x[4], x[9], x[14]);
            }
            for (int i = 0; i < 16; i++) {
                const uint32_t word = x[i] + in[i];
                for (int j = 0; j < 4; j++) {
                    data[block + (size_t)(i * 4 + j)] ^= (uint8_t)(word >> 8 * j);
                }
            }
        }
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof data; i += 97) {
        sum = mix(sum, data[i]);
    }
    return sum;
}

static uint64_t xtea(void) {
    fill();
    uint32_t key[4];
    uint32_t state = kernel_seed;
    for (int i = 0; i < 4; i++) {
        key[i] = next_random(&state);
    }
    uint32_t left = 1, right = 2;
    for (int round = 0; round < 30; round++) {
        for (size_t at = 0; at + 8 <= sizeof data; at += 8) {
            left ^= data[at];
            right ^= data[at + 4];
            uint32_t total = 0;
            for (int i = 0; i < 32; i++) {
                left += ((right << 4 ^ right >> 5) + right) ^ (total + key[total & 3]);
                total += 0x9e3779b9;
                right += ((left << 4 ^ left >> 5) + left) ^ (total + key[total >> 11 & 3]);
            }
        }
    }
    return (uint64_t)left << 32 | right;
}

// Multiplication of 1024-bit numbers modulo 2^1024, as big-number libraries do it.
static uint64_t bignum(void) {
    enum { WORDS = 32 };
    uint32_t a[WORDS], b[WORDS], product[WORDS];
    uint32_t state = kernel_seed;
    for (int i = 0; i < WORDS; i++) {
        a[i] = next_random(&state);
        b[i] = next_random(&state) | 1;
    }
    for (int round = 0; round < 60000; round++) {
        for (int i = 0; i < WORDS; i++) {
            product[i] = 0;
        }
        for (int i = 0; i < WORDS; i++) {
            uint64_t carry = 0;
            for (int j = 0; i + j < WORDS; j++) {
                carry += (uint64_t)a[i] * b[j] + product[i + j];
                product[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
        }
        for (int i = 0; i < WORDS; i++) {
            a[i] = product[i];
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < WORDS; i++) {
        sum = mix(sum, a[i]);
    }
    return sum;
}

const struct kernel crypto_kernels[] = {{"crc32", crc32}, {"sha256", sha256}, {"chacha", chacha}, {"xtea", xtea}, {"bignum", bignum}, {0, 0}};
