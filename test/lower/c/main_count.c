// main with one parameter, in the old style, and recursive.
#include <stdio.h>

main(argc)
int argc;
{
    if (argc < 4) {
        printf("%d\n", argc);
        return main(argc + 1);
    }
    return 6;
}
