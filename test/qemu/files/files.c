// What a program is handed: arguments, environment, files, time, randomness; and what it is not.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    printf("argument: %s\n", argc > 1 ? argv[1] : "none");
    const char *colour = getenv("COLOUR");
    printf("colour: %s\n", colour ? colour : "none");
    FILE *file = fopen("/data/note.txt", "r");
    char line[64] = "";
    if (file && fgets(line, sizeof line, file)) {
        printf("file: %s", line);
    }
    printf("missing file: %s\n", fopen("/data/none", "r") ? "opened" : "refused");
    printf("outside: %s\n", fopen("/etc/passwd", "r") || fopen("/data/../manifest", "r") ? "opened" : "refused");
    printf("writing: %s\n", fopen("/data/note.txt", "w") ? "opened" : "refused");
    printf("time: %s\n", time(NULL) > 1700000000 ? "now" : "wrong");
    unsigned char bytes[64] = {0};
    unsigned sum = 0;
    getentropy(bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++) {
        sum += bytes[i];
    }
    printf("random: %s\n", sum > 1000 ? "yes" : "no");
    return 0;
}
