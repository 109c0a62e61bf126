#include <stdio.h>
int main(void) {
    printf("fine\n");
    return 0;
}
