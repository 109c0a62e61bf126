#include <stdio.h>

int main(void) {
    puts("hello from a file");
    return 0;
}
