#include <stdio.h>
int later();
static int (*pointer)();
int twice(a, b) int a; double b; { return a * 2 + (int)b; }
int main(void) { pointer = twice; printf("%d %d %d\n", later(3, 4.5), pointer(5, 1.5), twice(1, 2.0)); return 0; }
int later(int a, double b) { return a + (int)(b * 2); }
