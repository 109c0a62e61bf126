#include <stdio.h>
#include <stdlib.h>
static void bye(void) { puts("bye"); }
__attribute__((constructor)) static void before(void) { puts("before"); }
__attribute__((destructor)) static void after(void) { puts("after"); fflush(stdout); }
int main(void) { atexit(bye); printf("no newline"); FILE* f = fopen("/tmp/tessera-lower-test.txt", "w"); if (!f) { perror("open"); return 1; } fprintf(f, "line %d\nline two\n", 1); fclose(f); f = fopen("/tmp/tessera-lower-test.txt", "r"); char l[64]; while (fgets(l, 64, f)) printf("got %s", l); fclose(f); remove("/tmp/tessera-lower-test.txt"); f = fopen("/nowhere/at/all", "r"); printf("%d\n", f == NULL); exit(5); }
