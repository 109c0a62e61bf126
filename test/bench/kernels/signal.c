// Integer and fixed-point signal processing, small matrices, Mandelbrot, bodies.
#include <math.h>

#include "kernels.h"

static uint64_t matmult_int(void) {
    enum { N = 64 };
    static int32_t a[N][N], b[N][N], c[N][N];
    uint32_t state = kernel_seed;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (int32_t)(next_random(&state) & 0xff);
            b[i][j] = (int32_t)(next_random(&state) & 0xff);
        }
    }
    uint64_t sum = 0;
    for (int round = 0; round < 150; round++) {
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                int32_t total = 0;
                for (int k = 0; k < N; k++) {
                    total += a[i][k] * b[k][j];
                }
                c[i][j] = total;
            }
        }
        a[round % N][round % 7] = c[round % 5][round % N] & 0xff;
        sum = mix(sum, (uint32_t)c[round % N][(round * 3) % N]);
    }
    return sum;
}

static int16_t samples[4096], taps[64], filtered[4096];

static void fill_samples(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < 4096; i++) {
        samples[i] = (int16_t)(next_random(&state) >> 18);
    }
    for (int i = 0; i < 64; i++) {
        taps[i] = (int16_t)(next_random(&state) >> 22);
    }
}

static uint64_t fir(void) {
    fill_samples();
    uint64_t sum = 0;
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i + 64 <= 4096; i++) {
            int32_t total = 0;
            for (int j = 0; j < 64; j++) {
                total += samples[i + j] * taps[j];
            }
            filtered[i] = (int16_t)(total >> 15);
        }
        samples[round] ^= filtered[round * 3];
        sum = mix(sum, (uint16_t)filtered[round]);
    }
    return sum;
}

// A cascade of recursive second-order filters: each sample depends on the last.
static uint64_t iir(void) {
    fill_samples();
    uint64_t sum = 0;
    for (int round = 0; round < 600; round++) {
        int32_t states[4][2] = {{0}};
        for (int i = 0; i < 4096; i++) {
            int32_t value = samples[i];
            for (int s = 0; s < 4; s++) {
                const int32_t w = value - ((states[s][0] * 13) >> 5) - ((states[s][1] * 7) >> 5);
                value = w + ((states[s][0] * 3) >> 3) + states[s][1];
                states[s][1] = states[s][0];
                states[s][0] = (int16_t)w;
            }
            filtered[i] = (int16_t)value;
        }
        samples[round] ^= 1;
        sum = mix(sum, (uint16_t)filtered[4095 - round]);
    }
    return sum;
}

static uint64_t adpcm(void) {
    static const int16_t steps[16] = {7, 9, 11, 14, 17, 22, 28, 35, 44, 55, 69, 86, 108, 135, 169, 211};
    static const int8_t moves[8] = {-1, -1, -1, -1, 2, 4, 6, 8};
    fill_samples();
    uint64_t sum = 0;
    for (int round = 0; round < 800; round++) {
        int predicted = 0, index = round & 7;
        for (int i = 0; i < 4096; i++) {
            int difference = samples[i] - predicted;
            const int sign = difference < 0 ? 8 : 0;
            difference = sign ? -difference : difference;
            const int step = steps[index];
            int code = 0, change = step >> 3;
            if (difference >= step) { code |= 4; difference -= step; change += step; }
            if (difference >= step >> 1) { code |= 2; difference -= step >> 1; change += step >> 1; }
            if (difference >= step >> 2) { code |= 1; change += step >> 2; }
            predicted += sign ? -change : change;
            predicted = predicted > 32767 ? 32767 : predicted < -32768 ? -32768 : predicted;
            index += moves[code];
            index = index < 0 ? 0 : index > 15 ? 15 : index;
            filtered[i] = (int16_t)(code | sign);
        }
        sum = mix(sum, (uint64_t)(predicted & 0xffff) + (uint16_t)filtered[round]);
    }
    return sum;
}

static uint64_t mandelbrot(void) {
    uint64_t total = 0;
    for (int y = 0; y < 160; y++) {
        for (int x = 0; x < 200; x++) {
            const double cr = (x + (kernel_seed & 1)) / 80.0 - 2.0, ci = y / 80.0 - 1.0;
            double zr = 0, zi = 0;
            int steps = 0;
            while (steps < 300 && zr * zr + zi * zi < 4.0) {
                const double next = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = next;
                steps++;
            }
            total = total * 31 + (unsigned)steps;
        }
    }
    return total;
}

static uint64_t nbody(void) {
    enum { N = 5 };
    static double position[N][3], velocity[N][3], mass[N];
    uint32_t state = kernel_seed;
    for (int i = 0; i < N; i++) {
        mass[i] = 1.0 + (next_random(&state) % 100) / 100.0;
        for (int d = 0; d < 3; d++) {
            position[i][d] = (next_random(&state) % 2000) / 100.0;
            velocity[i][d] = (next_random(&state) % 100) / 1000.0;
        }
    }
    for (int step = 0; step < 200000; step++) {
        for (int i = 0; i < N; i++) {
            for (int j = i + 1; j < N; j++) {
                double delta[3], square = 0.01;
                for (int d = 0; d < 3; d++) {
                    delta[d] = position[i][d] - position[j][d];
                    square += delta[d] * delta[d];
                }
                const double pull = 0.001 / (square * sqrt(square));
                for (int d = 0; d < 3; d++) {
                    velocity[i][d] -= delta[d] * mass[j] * pull;
                    velocity[j][d] += delta[d] * mass[i] * pull;
                }
            }
        }
        for (int i = 0; i < N; i++) {
            for (int d = 0; d < 3; d++) {
                position[i][d] += 0.001 * velocity[i][d];
            }
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        sum = mix_double(sum, position[i][0]);
    }
    return sum;
}

const struct kernel signal_kernels[] = {{"matmult_int", matmult_int}, {"fir", fir},     {"iir", iir}, {"adpcm", adpcm},
                                        {"mandelbrot", mandelbrot},   {"nbody", nbody}, {0, 0}};
