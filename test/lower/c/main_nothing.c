// main without a result: the program's status is 0.
#include <stdio.h>

void main(void) { printf("nothing returned\n"); }
