// Dense linear algebra in double precision.
#include <math.h>

#include "kernels.h"

#define N 160
static double a[N][N], b[N][N], c[N][N], x[N], y[N];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(next_random(&state) % 1000) / 1000.0;
            b[i][j] = (double)(next_random(&state) % 1000) / 1000.0;
            c[i][j] = 0.0;
        }
        x[i] = (double)(next_random(&state) % 100) / 100.0;
        y[i] = 0.0;
    }
}

static uint64_t checksum(double m[N][N]) {
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j += 7) {
            sum = mix_double(sum, m[i][j]);
        }
    }
    return sum;
}

static uint64_t gemm(void) {
    fill();
    for (int round = 0; round < 16; round++) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                for (int j = 0; j < N; j++) {
                    c[i][j] += 1.5 * a[i][k] * b[k][j];
                }
            }
        }
    }
    return checksum(c);
}

static uint64_t syrk(void) {
    fill();
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                for (int j = 0; j <= i; j++) {
                    c[i][j] += 0.5 * a[i][k] * a[j][k];
                }
            }
        }
    }
    return checksum(c);
}

static uint64_t atax(void) {
    fill();
    for (int round = 0; round < 1000; round++) {
        for (int i = 0; i < N; i++) {
            double dot = 0.0;
            for (int j = 0; j < N; j++) {
                dot += a[i][j] * x[j];
            }
            for (int j = 0; j < N; j++) {
                y[j] += a[i][j] * dot;
            }
        }
        x[round % N] = y[(round * 7) % N] * 1e-12;
    }
    uint64_t sum = 0;
    for (int i = 0; i < N; i++) {
        sum = mix_double(sum, y[i]);
    }
    return sum;
}

static void make_definite(void) {
    fill();
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            a[i][j] = a[j][i];
        }
        a[i][i] += N;
    }
}

static uint64_t lu(void) {
    uint64_t sum = 0;
    for (int round = 0; round < 24; round++) {
        make_definite();
        a[0][0] += round;
        for (int i = 0; i < N; i++) {
            for (int j = i + 1; j < N; j++) {
                a[j][i] /= a[i][i];
                for (int k = i + 1; k < N; k++) {
                    a[j][k] -= a[j][i] * a[i][k];
                }
            }
        }
        sum = mix(sum, checksum(a));
    }
    return sum;
}

static uint64_t cholesky(void) {
    uint64_t sum = 0;
    for (int round = 0; round < 24; round++) {
        make_definite();
        a[0][0] += round;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < i; j++) {
                for (int k = 0; k < j; k++) {
                    a[i][j] -= a[i][k] * a[j][k];
                }
                a[i][j] /= a[j][j];
            }
            for (int k = 0; k < i; k++) {
                a[i][i] -= a[i][k] * a[i][k];
            }
            a[i][i] = sqrt(a[i][i]);
        }
        sum = mix(sum, checksum(a));
    }
    return sum;
}

static uint64_t trisolv(void) {
    make_definite();
    uint64_t sum = 0;
    for (int round = 0; round < 3000; round++) {
        for (int i = 0; i < N; i++) {
            double value = x[i] + round;
            for (int j = 0; j < i; j++) {
                value -= a[i][j] * y[j];
            }
            y[i] = value / a[i][i];
        }
        sum = mix_double(sum, y[round % N]);
    }
    return sum;
}

static uint64_t covariance(void) {
    fill();
    for (int round = 0; round < 6; round++) {
        for (int j = 0; j < N; j++) {
            double mean = 0.0;
            for (int i = 0; i < N; i++) {
                mean += a[i][j];
            }
            y[j] = mean / N;
        }
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                a[i][j] -= y[j];
            }
        }
        for (int i = 0; i < N; i++) {
            for (int j = i; j < N; j++) {
                double total = 0.0;
                for (int k = 0; k < N; k++) {
                    total += a[k][i] * a[k][j];
                }
                c[i][j] = c[j][i] = total / (N - 1);
            }
        }
    }
    return checksum(c);
}

const struct kernel linear_kernels[] = {{"gemm", gemm},         {"syrk", syrk},       {"atax", atax}, {"lu", lu},
                                        {"cholesky", cholesky}, {"trisolv", trisolv}, {"covariance", covariance}, {0, 0}};
