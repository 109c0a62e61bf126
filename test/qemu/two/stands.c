#include <stdio.h>

int main(void) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 1000000; i++) {
        sum = sum * 31 + i;
    }
    printf("the other program goes on: %u\n", sum);
    return 0;
}
