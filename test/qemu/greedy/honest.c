// Opens and reads a file, calls deeply enough to need more stack than at first, and looks at the time, again and again.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char text[64];

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

__attribute__((noinline)) static int down(volatile int depth) {
    volatile char frame[128];
    frame[depth % 128] = 1;
    return depth == 0 ? 0 : frame[depth % 128] + down(depth - 1);
}

int main(void) {
    const double start = seconds();
    int rounds = 0;
    while (rounds < 20 || seconds() - start < 4) {
        const int file = open("/files/line", O_RDONLY);
        if (file < 0 || read(file, text, sizeof text) != 19 || close(file) != 0 || down(400) != 400) {
            printf("honest: something failed in round %d\n", rounds);
            return 1;
        }
        ++rounds;
    }
    printf("honest: nothing noticed\n");
    return 0;
}
