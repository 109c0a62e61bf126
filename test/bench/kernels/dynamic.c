// Linear algebra and dynamic programming over sizes that no compiler knows: rows are reached by a multiplication.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static int size_of(int nominal) { return nominal + (int)(kernel_seed & 1); }

static double *matrix(int rows, int columns) {
    double *m = malloc((size_t)rows * (size_t)columns * sizeof *m);
    uint32_t state = kernel_seed;
    for (int i = 0; i < rows * columns; i++) {
        m[i] = (double)(next_random(&state) % 1000) / 1000.0;
    }
    return m;
}

static uint64_t sum_up(const double *m, int count) {
    uint64_t sum = 0;
    for (int i = 0; i < count; i += 7) {
        sum = mix_double(sum, m[i]);
    }
    return sum;
}

// The textbook's order of loops: a row times a column.
static uint64_t matmul_columns(void) {
    const int n = size_of(150);
    double *a = matrix(n, n), *b = matrix(n, n), *c = matrix(n, n);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double dot = 0.0;
                for (int k = 0; k < n; k++) {
                    dot += a[i * n + k] * b[k * n + j];
                }
                c[i * n + j] = dot + round;
            }
        }
    }
    const uint64_t sum = sum_up(c, n * n);
    free(a);
    free(b);
    free(c);
    return sum;
}

static uint64_t matmul_rows(void) {
    const int n = size_of(180);
    double *a = matrix(n, n), *b = matrix(n, n), *c = matrix(n, n);
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                const double factor = a[i * n + k];
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += factor * b[k * n + j];
                }
            }
        }
    }
    const uint64_t sum = sum_up(c, n * n);
    free(a);
    free(b);
    free(c);
    return sum;
}

// An array of variable length, as numeric C often has it.
static void times(int n, double a[n][n], const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        y[i] = 0.0;
        for (int j = 0; j < n; j++) {
            y[i] += a[i][j] * x[j];
        }
    }
}

static uint64_t matvec(void) {
    const int n = size_of(400);
    double *a = matrix(n, n), *x = matrix(n, 1), *y = matrix(n, 1);
    for (int round = 0; round < 80; round++) {
        times(n, (double(*)[n])a, x, y);
        x[round % n] = y[round] * 1e-3;
    }
    const uint64_t sum = sum_up(y, n);
    free(a);
    free(x);
    free(y);
    return sum;
}

static uint64_t gram_schmidt(void) {
    const int n = size_of(120);
    double *a = matrix(n, n), *q = matrix(n, n), *r = matrix(n, n);
    for (int round = 0; round < 12; round++) {
        for (int k = 0; k < n; k++) {
            double norm = 0.0;
            for (int i = 0; i < n; i++) {
                norm += a[i * n + k] * a[i * n + k];
            }
            r[k * n + k] = sqrt(norm);
            for (int i = 0; i < n; i++) {
                q[i * n + k] = a[i * n + k] / r[k * n + k];
            }
            for (int j = k + 1; j < n; j++) {
                r[k * n + j] = 0.0;
                for (int i = 0; i < n; i++) {
                    r[k * n + j] += q[i * n + k] * a[i * n + j];
                }
                for (int i = 0; i < n; i++) {
                    a[i * n + j] -= q[i * n + k] * r[k * n + j];
                }
            }
        }
        for (int i = 0; i < n * n; i++) {
            a[i] = a[i] + q[i] + 0.01 * (i % 13);
        }
    }
    const uint64_t sum = sum_up(r, n * n);
    free(a);
    free(q);
    free(r);
    return sum;
}

static uint64_t stencil_rows(void) {
    const int width = size_of(300), height = size_of(200);
    double *from = matrix(height, width), *to = matrix(height, width);
    for (int round = 0; round < 360; round++) {
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                to[y * width + x] = 0.25 * (from[y * width + x - 1] + from[y * width + x + 1] +
                                            from[(y - 1) * width + x] + from[(y + 1) * width + x]);
            }
        }
        double *swap = from;
        from = to;
        to = swap;
    }
    const uint64_t sum = sum_up(from, width * height);
    free(from);
    free(to);
    return sum;
}

// Levenshtein's distance, whole table.
static uint64_t edit_distance(void) {
    const int n = size_of(1500);
    unsigned char *a = malloc((size_t)n), *b = malloc((size_t)n);
    int *table = malloc((size_t)(n + 1) * (size_t)(n + 1) * sizeof *table);
    uint32_t state = kernel_seed;
    for (int i = 0; i < n; i++) {
        a[i] = next_random(&state) & 3;
        b[i] = next_random(&state) & 3;
    }
    uint64_t sum = 0;
    for (int round = 0; round < 2; round++) {
        a[round] ^= 1;
        for (int i = 0; i <= n; i++) {
            table[i] = i;
            table[i * (n + 1)] = i;
        }
        for (int i = 1; i <= n; i++) {
            for (int j = 1; j <= n; j++) {
                const int replace = table[(i - 1) * (n + 1) + j - 1] + (a[i - 1] != b[j - 1]);
                const int drop = table[(i - 1) * (n + 1) + j] + 1;
                const int add = table[i * (n + 1) + j - 1] + 1;
                const int least = drop < add ? drop : add;
                table[i * (n + 1) + j] = replace < least ? replace : least;
            }
        }
        sum = mix(sum, (uint64_t)table[n * (n + 1) + n]);
    }
    free(a);
    free(b);
    free(table);
    return sum;
}

static uint64_t matrix_chain(void) {
    const int n = size_of(180);
    int64_t *cost = malloc((size_t)n * (size_t)n * sizeof *cost);
    int *dimension = malloc((size_t)(n + 1) * sizeof *dimension);
    uint32_t state = kernel_seed;
    uint64_t sum = 0;
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i <= n; i++) {
            dimension[i] = 1 + (int)(next_random(&state) % 50);
        }
        for (int length = 1; length <= n; length++) {
            for (int i = 0; i + length <= n; i++) {
                const int j = i + length - 1;
                int64_t best = length == 1 ? 0 : INT64_MAX;
                for (int k = i; k < j; k++) {
                    const int64_t here = cost[i * n + k] + cost[(k + 1) * n + j] +
                                         (int64_t)dimension[i] * dimension[k + 1] * dimension[j + 1];
                    best = here < best ? here : best;
                }
                cost[i * n + j] = best;
            }
        }
        sum = mix(sum, (uint64_t)cost[n - 1]);
    }
    free(cost);
    free(dimension);
    return sum;
}

// Sparse rows: an index loaded from memory.
static uint64_t sparse(void) {
    const int n = size_of(4000), per_row = 24;
    int *column = malloc((size_t)(n * per_row) * sizeof *column);
    double *value = matrix(n, per_row), *x = matrix(n, 1), *y = matrix(n, 1);
    uint32_t state = kernel_seed;
    for (int i = 0; i < n * per_row; i++) {
        column[i] = (int)(next_random(&state) % (uint32_t)n);
    }
    for (int round = 0; round < 80; round++) {
        for (int i = 0; i < n; i++) {
            double dot = 0.0;
            for (int k = i * per_row; k < (i + 1) * per_row; k++) {
                dot += value[k] * x[column[k]];
            }
            y[i] = dot;
        }
        for (int i = 0; i < n; i++) {
            x[i] = y[i] * 0.08;
        }
    }
    const uint64_t sum = sum_up(x, n);
    free(column);
    free(value);
    free(x);
    free(y);
    return sum;
}

const struct kernel dynamic_kernels[] = {{"matmul_columns", matmul_columns},
                                         {"matmul_rows", matmul_rows},
                                         {"matvec", matvec},
                                         {"gram_schmidt", gram_schmidt},
                                         {"stencil_rows", stencil_rows},
                                         {"edit_distance", edit_distance},
                                         {"matrix_chain", matrix_chain},
                                         {"sparse", sparse},
                                         {0, 0}};
