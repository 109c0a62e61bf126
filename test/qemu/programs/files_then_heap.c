// Its files are in memory of its own; the heap begins later, and must not take that for free.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    const int file = open("/letter", O_CREAT | O_RDWR | O_TRUNC, 0666);
    if (file < 0 || write(file, "still there\n", 12) != 12) {
        return 1;
    }
    for (size_t i = 0; i < 12; ++i) {
        const size_t bytes = (size_t)8192 << i % 6;
        void* taken = malloc(bytes);
        if (taken == NULL) {
            return 1;
        }
        memset(taken, 255, bytes);
    }
    char text[13] = "";
    const int again = open("/letter", O_RDONLY);
    if (again < 0 || read(again, text, 12) != 12) {
        return 1;
    }
    fputs(text, stdout);
    return 0;
}
