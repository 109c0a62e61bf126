// Stencils and dynamic programming over grids.
#include "kernels.h"

#define N 192
#define D 36
static double a[N][N], b[N][N], e[N][N];
static double p[D][D][D], q[D][D][D];
static int paths[N][N];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(next_random(&state) % 1024) / 64.0;
            b[i][j] = a[i][j] / 3.0;
            e[i][j] = a[i][j] / 5.0;
        }
    }
}

static uint64_t checksum(double m[N][N]) {
    uint64_t sum = 0;
    for (int i = 0; i < N; i += 3) {
        for (int j = 0; j < N; j += 5) {
            sum = mix_double(sum, m[i][j]);
        }
    }
    return sum;
}

static uint64_t jacobi2d(void) {
    fill();
    for (int round = 0; round < 300; round++) {
        for (int i = 1; i < N - 1; i++) {
            for (int j = 1; j < N - 1; j++) {
                b[i][j] = 0.2 * (a[i][j] + a[i][j - 1] + a[i][j + 1] + a[i + 1][j] + a[i - 1][j]);
            }
        }
        for (int i = 1; i < N - 1; i++) {
            for (int j = 1; j < N - 1; j++) {
                a[i][j] = 0.2 * (b[i][j] + b[i][j - 1] + b[i][j + 1] + b[i + 1][j] + b[i - 1][j]);
            }
        }
    }
    return checksum(a);
}

static uint64_t seidel2d(void) {
    fill();
    for (int round = 0; round < 40; round++) {
        for (int i = 1; i < N - 1; i++) {
            for (int j = 1; j < N - 1; j++) {
                a[i][j] = (a[i - 1][j - 1] + a[i - 1][j] + a[i - 1][j + 1] + a[i][j - 1] + a[i][j] + a[i][j + 1] + a[i + 1][j - 1] +
                           a[i + 1][j] + a[i + 1][j + 1]) /
                          9.0;
            }
        }
    }
    return checksum(a);
}

static uint64_t fdtd2d(void) {
    fill();
    for (int round = 0; round < 200; round++) {
        for (int j = 0; j < N; j++) {
            b[0][j] = round;
        }
        for (int i = 1; i < N; i++) {
            for (int j = 0; j < N; j++) {
                b[i][j] -= 0.5 * (e[i][j] - e[i - 1][j]);
            }
        }
        for (int i = 0; i < N; i++) {
            for (int j = 1; j < N; j++) {
                a[i][j] -= 0.5 * (e[i][j] - e[i][j - 1]);
            }
        }
        for (int i = 0; i < N - 1; i++) {
            for (int j = 0; j < N - 1; j++) {
                e[i][j] -= 0.7 * (a[i][j + 1] - a[i][j] + b[i + 1][j] - b[i][j]);
            }
        }
    }
    return checksum(e);
}

static uint64_t heat3d(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < D; i++) {
        for (int j = 0; j < D; j++) {
            for (int k = 0; k < D; k++) {
                p[i][j][k] = q[i][j][k] = (double)(next_random(&state) % 100);
            }
        }
    }
    for (int round = 0; round < 200; round++) {
        double(*from)[D][D] = round & 1 ? q : p;
        double(*to)[D][D] = round & 1 ? p : q;
        for (int i = 1; i < D - 1; i++) {
            for (int j = 1; j < D - 1; j++) {
                for (int k = 1; k < D - 1; k++) {
                    to[i][j][k] = 0.125 * (from[i + 1][j][k] - 2.0 * from[i][j][k] + from[i - 1][j][k]) +
                                  0.125 * (from[i][j + 1][k] - 2.0 * from[i][j][k] + from[i][j - 1][k]) +
                                  0.125 * (from[i][j][k + 1] - 2.0 * from[i][j][k] + from[i][j][k - 1]) + from[i][j][k];
                }
            }
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < D; i++) {
        sum = mix_double(sum, p[i][i][(i * 3) % D]);
    }
    return sum;
}

static uint64_t conv2d(void) {
    fill();
    static const double weights[5][5] = {{1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1}};
    for (int round = 0; round < 120; round++) {
        for (int i = 2; i < N - 2; i++) {
            for (int j = 2; j < N - 2; j++) {
                double total = 0.0;
                for (int u = 0; u < 5; u++) {
                    for (int v = 0; v < 5; v++) {
                        total += weights[u][v] * a[i + u - 2][j + v - 2];
                    }
                }
                b[i][j] = total / 256.0;
            }
        }
        a[round % N][(round * 5) % N] += b[N / 2][N / 2];
    }
    return checksum(b);
}

static uint64_t floyd(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            paths[i][j] = next_random(&state) % 8 ? 9999 : (int)(next_random(&state) % 100) + 1;
        }
    }
    for (int round = 0; round < 4; round++) {
        for (int k = 0; k < N; k++) {
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    const int through = paths[i][k] + paths[k][j];
                    paths[i][j] = paths[i][j] < through ? paths[i][j] : through;
                }
            }
        }
    }
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        sum = mix(sum, (uint64_t)paths[i][(i * 11) % N]);
    }
    return sum;
}

// Best pairing of a sequence's letters, by intervals.
static uint64_t pairing(void) {
    static unsigned char letters[N];
    uint64_t sum = 0;
    for (int round = 0; round < 24; round++) {
        uint32_t state = kernel_seed + (uint32_t)round;
        for (int i = 0; i < N; i++) {
            letters[i] = next_random(&state) & 3;
            for (int j = 0; j < N; j++) {
                paths[i][j] = 0;
            }
        }
        for (int i = N - 2; i >= 0; i--) {
            for (int j = i + 1; j < N; j++) {
                int best = paths[i][j - 1] > paths[i + 1][j] ? paths[i][j - 1] : paths[i + 1][j];
                const int paired = paths[i + 1][j - 1] + (i + 1 < j && letters[i] + letters[j] == 3);
                best = best > paired ? best : paired;
                for (int k = i + 1; k < j; k++) {
                    const int split = paths[i][k] + paths[k + 1][j];
                    best = best > split ? best : split;
                }
                paths[i][j] = best;
            }
        }
        sum = mix(sum, (uint64_t)paths[0][N - 1]);
    }
    return sum;
}

const struct kernel stencil_kernels[] = {{"jacobi2d", jacobi2d}, {"seidel2d", seidel2d}, {"fdtd2d", fdtd2d},   {"heat3d", heat3d},
                                         {"conv2d", conv2d},     {"floyd", floyd},       {"pairing", pairing}, {0, 0}};
