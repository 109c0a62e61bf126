// main with the environment as its third parameter.
#include <stdio.h>

int main(int argc, char** argv, char** environment) {
    int count = 0;
    while (environment[count] != 0) {
        ++count;
    }
    printf("%d %d %d\n", argc, argv[0] != 0 && argv[argc] == 0, count >= 0);
    return 5;
}
