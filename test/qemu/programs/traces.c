// Traps with something to tell: what was inlined where, and who called. The first argument chooses. The tests know the
// lines.
#include <stdlib.h>
#include <string.h>

struct item {
    int value;
    struct item *next;
};

static volatile int zero;

__attribute__((always_inline)) static inline void inner(struct item *at) {
    at->next->value = 5;  // line 14
}

__attribute__((always_inline)) static inline void middle(struct item *at) {
    inner(at);  // line 18
}

__attribute__((noinline)) static void outer(struct item *at) {
    middle(at);  // line 22
}

__attribute__((noinline)) static int deep(int n) {
    return deep(n + 1) * 3 + n % (zero + 3);  // line 26
}

static int compare(const void *a, const void *b) {
    abort();  // line 30
    return *(const int *)a - *(const int *)b;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "none";
    struct item one = {1, (struct item *)(unsigned long)zero};
    if (!strcmp(what, "inlined")) {
        outer(&one);  // line 38
    }
    if (!strcmp(what, "deep")) {
        return deep(0);  // line 41
    }
    if (!strcmp(what, "sort")) {
        int values[] = {3, 2, 1};
        qsort(values, 3, sizeof(int), compare);  // line 45
    }
    if (!strcmp(what, "copy")) {
        memset(one.next, 1, 100000 + (unsigned)zero);  // line 48
    }
    if (!strcmp(what, "loop")) {
        for (;;) {
            zero = zero;  // line 52
        }
    }
    return 0;
}
