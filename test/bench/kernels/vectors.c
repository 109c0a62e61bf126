// Vectors: loops that compilers vectorise, and vectors that the source spells out (128 to 512 bits).
#include <string.h>

#include "kernels.h"

enum { COUNT = 1 << 15 };
static float f[COUNT], g[COUNT], h[COUNT];
static int32_t words[COUNT], more_words[COUNT];
static uint8_t bytes[3 * COUNT], more_bytes[3 * COUNT];
static uint16_t halves[COUNT];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < COUNT; i++) {
        f[i] = (float)(next_random(&state) % 1000) / 8.0f;
        g[i] = (float)(next_random(&state) % 1000) / 16.0f;
        h[i] = 0.0f;
        words[i] = (int32_t)next_random(&state);
        more_words[i] = (int32_t)next_random(&state) >> 8;
        halves[i] = (uint16_t)next_random(&state);
    }
    for (int i = 0; i < 3 * COUNT; i++) {
        bytes[i] = (uint8_t)(next_random(&state) >> 7);
        more_bytes[i] = (uint8_t)(next_random(&state) >> 7);
    }
}

static uint64_t sum_floats(const float *from) {
    double sum = 0;
    for (int i = 0; i < COUNT; i += 5) {
        sum += from[i];
    }
    return mix_double(1, sum);
}

static uint64_t saxpy(void) {
    fill();
    for (int round = 0; round < 1000; round++) {
        const float factor = (float)round / 1024.0f;
        for (int i = 0; i < COUNT; i++) {
            h[i] = factor * f[i] + g[i] - h[i] * 0.5f;
        }
    }
    return sum_floats(h);
}

static uint64_t dot_int(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 1500; round++) {
        words[round] ^= round;
        uint32_t dot = 0;
        for (int i = 0; i < COUNT; i++) {
            dot += (uint32_t)words[i] * (uint32_t)more_words[i];
        }
        sum = mix(sum, dot);
    }
    return sum;
}

static uint64_t count_bytes(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 300; round++) {
        bytes[round] ^= 1;
        uint32_t spaces = 0, total = 0;
        for (int i = 0; i < 3 * COUNT; i++) {
            spaces += bytes[i] == 32;
            total += bytes[i];
        }
        sum = mix(sum, spaces + (uint64_t)total * 7);
    }
    return sum;
}

static uint64_t blend(void) {
    fill();
    for (int round = 0; round < 500; round++) {
        const unsigned alpha = (unsigned)round & 255;
        for (int i = 0; i < 3 * COUNT; i++) {
            bytes[i] = (uint8_t)((bytes[i] * alpha + more_bytes[i] * (255 - alpha) + 127) >> 8);
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < 3 * COUNT; i += 11) {
        sum = mix(sum, bytes[i]);
    }
    return sum;
}

static uint64_t luminance(void) {
    fill();
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < COUNT; i++) {
            more_bytes[i] = (uint8_t)((bytes[3 * i] * 77 + bytes[3 * i + 1] * 150 + bytes[3 * i + 2] * 29) >> 8);
        }
        bytes[round] = more_bytes[round * 3];
    }
    uint64_t sum = 0;
    for (int i = 0; i < COUNT; i += 11) {
        sum = mix(sum, more_bytes[i]);
    }
    return sum;
}

static uint64_t clamp(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 1500; round++) {
        const int32_t low = -(1 << 20) + round, high = (1 << 20) - round;
        int32_t least = INT32_MAX;
        for (int i = 0; i < COUNT; i++) {
            int32_t value = more_words[i] + round;
            value = value < low ? low : value;
            value = value > high ? high : value;
            words[i] = value;
            least = value < least ? value : least;
        }
        sum = mix(sum, (uint32_t)least + (uint32_t)words[round]);
    }
    return sum;
}

static uint64_t histogram(void) {
    fill();
    uint32_t bins[256] = {0};
    for (int round = 0; round < 250; round++) {
        for (int i = 0; i < 3 * COUNT; i++) {
            bins[bytes[i]]++;
        }
        bytes[round]++;
    }
    uint64_t sum = 0;
    for (int i = 0; i < 256; i++) {
        sum = mix(sum, bins[i]);
    }
    return sum;
}

static uint64_t prefix_sum(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 600; round++) {
        uint32_t total = (uint32_t)round;
        for (int i = 0; i < COUNT; i++) {
            total += halves[i];
            words[i] = (int32_t)total;
        }
        sum = mix(sum, (uint32_t)words[COUNT / 2 + round]);
    }
    return sum;
}

// ---- spelled out ----

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef int32_t int8 __attribute__((vector_size(32)));
typedef double double8 __attribute__((vector_size(64)));
typedef uint8_t byte64 __attribute__((vector_size(64)));

static uint64_t vector4_transform(void) {
    fill();
    float4 columns[4];
    for (int i = 0; i < 4; i++) {
        columns[i] = (float4){f[4 * i], g[4 * i], f[4 * i + 1], g[4 * i + 1]} * 0.001f;
    }
    for (int round = 0; round < 600; round++) {
        for (int i = 0; i < COUNT; i += 4) {
            float4 point;
            memcpy(&point, &f[i], sizeof point);
            float4 result = columns[0] * point[0] + columns[1] * point[1] + columns[2] * point[2] + columns[3] * point[3];
            memcpy(&h[i], &result, sizeof result);
        }
        columns[round & 3][round >> 2 & 3] += h[round] * 1e-6f;
    }
    return sum_floats(h);
}

static uint64_t vector8_mandelbrot(void) {
    uint64_t sum = 0;
    const float8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    const float start = (float)(kernel_seed & 1) - 2.0f;
    for (int y = 0; y < 800; y++) {
        for (int x = 0; x < 400; x += 8) {
            const float8 cr = (lanes + (float)x) * 0.0125f + start;
            const float8 ci = (float8){0} + (float)y * 0.01f - 1.0f;
            float8 r = cr, i = ci;
            int8 count = {0};
            for (int step = 0; step < 60; step++) {
                const float8 rr = r * r, ii = i * i;
                const int8 inside = rr + ii < 4.0f;
                count -= inside;
                i = 2.0f * r * i + ci;
                r = rr - ii + cr;
                /* What has left stays out. */
                r = (float8)(((int8)r & inside) | (~inside & (int8)(cr * 0.0f + 4.0f)));
            }
            for (int lane = 0; lane < 8; lane++) {
                sum = mix(sum, (uint64_t)count[lane]);
            }
        }
    }
    return sum;
}

static uint64_t vector8_polynomial(void) {
    double8 x, total = {0};
    for (int i = 0; i < 8; i++) {
        x[i] = (double)((kernel_seed + (uint32_t)i * 77) % 1000) / 1000.0;
    }
    for (int step = 0; step < 2400000; step++) {
        double8 y = x * 0.25 + 0.5;
        y = y * x - 0.125;
        y = y * x + 0.0625;
        y = y * x - 1.0;
        total += y;
        x = x * 0.999999 + 0.0000003;
    }
    uint64_t sum = 0;
    for (int i = 0; i < 8; i++) {
        sum = mix_double(sum, total[i]);
    }
    return sum;
}

static uint64_t vector64_bytes(void) {
    fill();
    byte64 total = {0};
    for (int round = 0; round < 12000; round++) {
        for (int i = 0; i < COUNT; i += 64) {
            byte64 a, b;
            memcpy(&a, &bytes[i], sizeof a);
            memcpy(&b, &more_bytes[i], sizeof b);
            const byte64 larger = (byte64)(a > b);
            total += (a & larger) | (b & ~larger);
        }
        bytes[round]++;
    }
    uint64_t sum = 0;
    for (int i = 0; i < 64; i++) {
        sum = mix(sum, total[i]);
    }
    return sum;
}

const struct kernel vector_kernels[] = {{"saxpy", saxpy},
                                        {"dot_int", dot_int},
                                        {"count_bytes", count_bytes},
                                        {"blend", blend},
                                        {"luminance", luminance},
                                        {"clamp", clamp},
                                        {"histogram", histogram},
                                        {"prefix_sum", prefix_sum},
                                        {"vector4_transform", vector4_transform},
                                        {"vector8_mandelbrot", vector8_mandelbrot},
                                        {"vector8_polynomial", vector8_polynomial},
                                        {"vector64_bytes", vector64_bytes},
                                        {0, 0}};
