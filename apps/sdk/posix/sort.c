// Sorting with an argument for the comparison: a heap sort, since it needs no memory and no luck.
#define _GNU_SOURCE
#include <stddef.h>
#include <stdlib.h>

typedef int (*compare)(const void*, const void*, void*);

static void swap(char* one, char* other, size_t bytes) {
    for (size_t i = 0; i < bytes; ++i) {
        const char kept = one[i];
        one[i] = other[i];
        other[i] = kept;
    }
}

static void sink(char* base, size_t from, size_t count, size_t bytes, compare order, void* argument) {
    for (size_t child = 2 * from + 1; child < count; from = child, child = 2 * from + 1) {
        if (child + 1 < count && order(base + child * bytes, base + (child + 1) * bytes, argument) < 0) {
            ++child;
        }
        if (order(base + from * bytes, base + child * bytes, argument) >= 0) {
            return;
        }
        swap(base + from * bytes, base + child * bytes, bytes);
    }
}

void qsort_r(void* base, size_t count, size_t bytes, compare order, void* argument) {
    for (size_t i = count / 2; i-- > 0;) {
        sink(base, i, count, bytes, order, argument);
    }
    for (size_t end = count; end-- > 1;) {
        swap(base, (char*)base + end * bytes, bytes);
        sink(base, 0, end, bytes, order, argument);
    }
}
