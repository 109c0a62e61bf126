// Counts the bytes of standard input, and says whether it ended.
#include <stdio.h>
#include <unistd.h>
int main(void) {
    static char bytes[65536];
    long all = 0, got;
    while ((got = read(0, bytes, sizeof bytes)) > 0) {
        all += got;
    }
    printf("%ld %s\n", all, got < 0 ? "error" : "end");
}
