// Constants move from indices into the displacement: neighbours on both sides of an index, also where the first one is the
// object's start, and through addresses that are outside the object on the way.
#include <stdio.h>

#define N 140
double b[N][N], c[N][N];

__attribute__((noinline)) static void sides(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 1; j < N; j++) {
            b[i][j] -= 0.5 * (c[i][j] - c[i][j - 1]);
        }
    }
    for (int i = 0; i < N - 1; i++) {
        for (int j = 1; j < N - 1; j++) {
            c[i + 1][j - 1] -= 0.7 * (b[i][j + 1] - b[i][j] + b[i + 1][j] - b[i + 1][j - 1]);
        }
    }
}

__attribute__((noinline)) static int backwards(const int *from, int first, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
        sum = sum * 31 + from[first - i + 3] - from[first - i];
    }
    return sum;
}

static struct {
    int before[30000];
    int values[40];
} record;

int main(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            b[i][j] = i * 3 + j;
            c[i][j] = (i * 7 + j * 5) % 11;
        }
    }
    for (int i = 0; i < 3; i++) {
        sides();
    }
    double sum = 0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            sum += b[i][j] * (j + 1) - c[i][j] * (i + 1);
        }
    }
    printf("%.6f\n", sum);
    for (int i = 0; i < 40; i++) {
        record.values[i] = i * i;
        record.before[29960 + i] = i * 5;
    }
    printf("%d %d\n", backwards(record.values, 36, 60), backwards(record.values + 20, -1, 30));
    return 0;
}
