// Functions that run before and after main, in order of priority.
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor(102))) static void second(void) { printf("second\n"); }
__attribute__((constructor(101))) static void first(void) { printf("first\n"); }
__attribute__((destructor)) static void last(void) { printf("last\n"); }
static void registered(void) { printf("registered\n"); }

int main(void) {
    atexit(registered);
    printf("main\n");
    return 0;
}
