#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }
int main(int argc, char** argv) {
    printf("hello %d %s %5.2f %x %c %lld\n", 42, "world", 3.14159, 255, 'z', 1234567890123LL);
    int v[] = {5, 3, 9, 1, 7, 2, 8};
    qsort(v, 7, sizeof *v, compare);
    for (int i = 0; i < 7; ++i) printf("%d ", v[i]);
    char* p = calloc(100, 10);
    snprintf(p, 1000, "%s-%05d", "abc", 17);
    puts(p);
    free(p);
    return argc - 1;
}
