// Writes to both outputs, and says which of the three is a terminal.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char** argv) {
    fputs("err\n", stderr);
    printf("%d %d %d\n", isatty(0), isatty(1), isatty(2));
    if (fflush(stdout)) {
        return fprintf(stderr, "%s\n", strerror(errno)), 1;
    }
    if (argc > 1 && !strcmp(argv[1], "loop")) {
        for (long i = 0;; ++i) {
            if (printf("%ld\n", i) < 0) {
                return fprintf(stderr, "%s\n", strerror(errno)), 1;
            }
        }
    }
}
