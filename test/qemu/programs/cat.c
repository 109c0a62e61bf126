// Copies standard input to standard output, upper case.
#include <ctype.h>
#include <stdio.h>

int main(void) {
    int letter;
    while ((letter = getchar()) != EOF) {
        putchar(toupper(letter));
    }
    return 0;
}
