// Vectors of 512 bits that the source spells out: one register where the processor has AVX-512, else two or four.
#include "kernels.h"

typedef float float16 __attribute__((vector_size(64)));
typedef double double8 __attribute__((vector_size(64)));
typedef uint32_t word16 __attribute__((vector_size(64)));
typedef uint8_t byte64 __attribute__((vector_size(64)));

enum { VECTORS = 256, COUNT = 16 * VECTORS };
static union {
    float16 f[VECTORS];
    float lane[COUNT];
} a, b, c;
static union {
    double8 d[VECTORS + 2];
    double lane[8 * VECTORS + 16];
} even, odd;
static word16 words[VECTORS];
static byte64 bytes[VECTORS], more_bytes[VECTORS];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < COUNT; i++) {
        a.lane[i] = (float)(next_random(&state) % 1000) / 8.0f;
        b.lane[i] = (float)(next_random(&state) % 1000) / 16.0f;
        c.lane[i] = 0.0f;
        words[i / 16][i % 16] = next_random(&state);
    }
    for (int i = 0; i < 8 * VECTORS + 16; i++) {
        even.lane[i] = odd.lane[i] = (double)(next_random(&state) % 1000) / 8.0;
    }
    for (int i = 0; i < 64 * VECTORS; i++) {
        bytes[i / 64][i % 64] = (uint8_t)(next_random(&state) >> 7);
        more_bytes[i / 64][i % 64] = (uint8_t)(next_random(&state) >> 7);
    }
}

static uint64_t sum_floats(const float* from, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += from[i];
    }
    return mix_double(1, sum);
}

static uint64_t sum_words(word16 from) {
    uint64_t sum = 0;
    for (int i = 0; i < 16; i++) {
        sum = mix(sum, from[i]);
    }
    return sum;
}

static uint64_t sum_bytes(byte64 from) {
    uint64_t sum = 0;
    for (int i = 0; i < 64; i++) {
        sum = mix(sum, from[i]);
    }
    return sum;
}

static uint64_t lanes_saxpy(void) {
    fill();
    for (int round = 0; round < 20000; round++) {
        const float factor = (float)round / 20000.0f;
        for (int i = 0; i < VECTORS; i++) {
            c.f[i] = factor * a.f[i] + b.f[i] - c.f[i] * 0.5f;
        }
    }
    return sum_floats(c.lane, COUNT);
}

static uint64_t lanes_dot(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 20000; round++) {
        a.lane[round % COUNT] += 1.0f;
        float16 total[4] = {{0}, {0}, {0}, {0}};
        for (int i = 0; i < VECTORS; i += 4) {
            for (int part = 0; part < 4; part++) {
                total[part] += a.f[i + part] * b.f[i + part];
            }
        }
        const float16 all = total[0] + total[1] + (total[2] + total[3]);
        sum = mix_double(sum, (double)all[round % 16]);
    }
    return sum;
}

/* 64 x 64 by tiles of 4 x 16. */
static uint64_t lanes_gemm(void) {
    fill();
    for (int round = 0; round < 500; round++) {
        for (int column = 0; column < 4; column++) {
            for (int row = 0; row < 64; row += 4) {
                float16 tile[4] = {{0}, {0}, {0}, {0}};
                for (int k = 0; k < 64; k++) {
                    for (int part = 0; part < 4; part++) {
                        tile[part] += a.lane[(row + part) * 64 + k] * b.f[k * 4 + column];
                    }
                }
                for (int part = 0; part < 4; part++) {
                    c.f[(row + part) * 4 + column] = tile[part];
                }
            }
        }
        a.lane[round] += 1.0f;
    }
    return sum_floats(c.lane, COUNT);
}

static uint64_t lanes_hash(void) {
    fill();
    word16 x = {1, 2, 3}, y = {0};
    for (int round = 0; round < 12000; round++) {
        for (int i = 0; i < VECTORS; i++) {
            x ^= words[i];
            x = x << 13 | x >> 19;
            x = x * 5 + 0xe6546b64u;
            y += x ^ words[i] >> 7;
            y = y << 7 | y >> 25;
        }
    }
    return sum_words(x ^ y);
}

#define QUARTER(a, b, c, d)                                                                                            \
    x[a] += x[b], x[d] ^= x[a], x[d] = x[d] << 16 | x[d] >> 16;                                                        \
    x[c] += x[d], x[b] ^= x[c], x[b] = x[b] << 12 | x[b] >> 20;                                                        \
    x[a] += x[b], x[d] ^= x[a], x[d] = x[d] << 8 | x[d] >> 24;                                                         \
    x[c] += x[d], x[b] ^= x[c], x[b] = x[b] << 7 | x[b] >> 25

/* Sixteen blocks at once. */
static uint64_t lanes_chacha(void) {
    fill();
    word16 x[16];
    for (int i = 0; i < 16; i++) {
        x[i] = words[i];
    }
    for (int block = 0; block < 40000; block++) {
        word16 start[16];
        for (int i = 0; i < 16; i++) {
            start[i] = x[i];
        }
        for (int round = 0; round < 10; round++) {
            QUARTER(0, 4, 8, 12);
            QUARTER(1, 5, 9, 13);
            QUARTER(2, 6, 10, 14);
            QUARTER(3, 7, 11, 15);
            QUARTER(0, 5, 10, 15);
            QUARTER(1, 6, 11, 12);
            QUARTER(2, 7, 8, 13);
            QUARTER(3, 4, 9, 14);
        }
        for (int i = 0; i < 16; i++) {
            x[i] += start[i];
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < 16; i++) {
        sum = mix(sum, sum_words(x[i]));
    }
    return sum;
}

static uint64_t lanes_bytes(void) {
    fill();
    byte64 total = {0};
    for (int round = 0; round < 20000; round++) {
        for (int i = 0; i < VECTORS; i++) {
            const byte64 larger = (byte64)(bytes[i] > more_bytes[i]);
            total += (bytes[i] & larger) | (more_bytes[i] & ~larger);
        }
        bytes[round % VECTORS][round % 64]++;
    }
    return sum_bytes(total);
}

/* Bytes of 32-bit words the other way round. */
static uint64_t lanes_shuffle(void) {
    fill();
    byte64 total = {0};
    for (int round = 0; round < 20000; round++) {
        for (int i = 0; i < VECTORS; i++) {
            const byte64 v = bytes[i];
            total ^= total + __builtin_shufflevector(v,
                                                     v,
                                                     3,
                                                     2,
                                                     1,
                                                     0,
                                                     7,
                                                     6,
                                                     5,
                                                     4,
                                                     11,
                                                     10,
                                                     9,
                                                     8,
                                                     15,
                                                     14,
                                                     13,
                                                     12,
                                                     19,
                                                     18,
                                                     17,
                                                     16,
                                                     23,
                                                     22,
                                                     21,
                                                     20,
                                                     27,
                                                     26,
                                                     25,
                                                     24,
                                                     31,
                                                     30,
                                                     29,
                                                     28,
                                                     35,
                                                     34,
                                                     33,
                                                     32,
                                                     39,
                                                     38,
                                                     37,
                                                     36,
                                                     43,
                                                     42,
                                                     41,
                                                     40,
                                                     47,
                                                     46,
                                                     45,
                                                     44,
                                                     51,
                                                     50,
                                                     49,
                                                     48,
                                                     55,
                                                     54,
                                                     53,
                                                     52,
                                                     59,
                                                     58,
                                                     57,
                                                     56,
                                                     63,
                                                     62,
                                                     61,
                                                     60);
        }
        bytes[round % VECTORS][round % 64]++;
    }
    return sum_bytes(total);
}

static uint64_t lanes_stencil(void) {
    fill();
    for (int round = 0; round < 20000; round++) {
        const double* const from = round & 1 ? odd.lane : even.lane;
        double8* const to = round & 1 ? even.d : odd.d;
        for (int i = 1; i <= VECTORS; i++) {
            double8 left, right;
            __builtin_memcpy(&left, from + 8 * i - 1, sizeof left);
            __builtin_memcpy(&right, from + 8 * i + 1, sizeof right);
            to[i] = (left + right) * 0.25 + *(const double8*)(from + 8 * i) * 0.5;
        }
    }
    double sum = 0;
    for (int i = 0; i < 8 * VECTORS; i++) {
        sum += even.lane[i];
    }
    return mix_double(1, sum);
}

const struct kernel lane_kernels[] = {{"lanes_saxpy", lanes_saxpy},
                                      {"lanes_dot", lanes_dot},
                                      {"lanes_gemm", lanes_gemm},
                                      {"lanes_hash", lanes_hash},
                                      {"lanes_chacha", lanes_chacha},
                                      {"lanes_bytes", lanes_bytes},
                                      {"lanes_shuffle", lanes_shuffle},
                                      {"lanes_stencil", lanes_stencil},
                                      {0, 0}};
