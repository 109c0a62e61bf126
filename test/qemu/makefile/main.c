#include <stdio.h>

#include "words.h"

int main(void) {
    printf("%s, %s\n", one(), two(3, 1.0, 2.5, 3.25));
    return 0;
}
