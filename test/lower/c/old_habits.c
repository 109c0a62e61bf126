// C as it was written before C99 and as compilers went on to take it: a warning, not an error.
#include <stdio.h>

counter = 3;
short table[2][5];

twice(x) { return x + x; }
take(short* p) { return p[1]; }

main() {
    char* address = 0;
    table[0][1] = 7;
    printf("%d %d %d %d\n", twice(counter), later(4), take(table), address == 0);
    return 0;
}

later(n) int n;
{ return n * 10; }
