// Data structures: sorting, lists, trees, hash tables, sieves.
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

enum { COUNT = 100000 };
static int32_t numbers[COUNT], scratch[COUNT];

static void fill(void) {
    uint32_t state = kernel_seed;
    for (int i = 0; i < COUNT; i++) {
        numbers[i] = (int32_t)(next_random(&state) >> 1);
    }
}

static void quick(int32_t *low, int32_t *high) {
    while (high - low > 16) {
        const int32_t pivot = low[(high - low) / 2];
        int32_t *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot) {
                i++;
            }
            while (*j > pivot) {
                j--;
            }
            if (i <= j) {
                const int32_t t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        if (j - low < high - i) {
            quick(low, j);
            low = i;
        } else {
            quick(i, high);
            high = j;
        }
    }
    for (int32_t *i = low + 1; i <= high; i++) {
        const int32_t value = *i;
        int32_t *j = i;
        for (; j > low && j[-1] > value; j--) {
            *j = j[-1];
        }
        *j = value;
    }
}

static uint64_t quicksort(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
        memcpy(scratch, numbers, sizeof scratch);
        scratch[round] ^= 77;
        quick(scratch, scratch + COUNT - 1);
        sum = mix(sum, (uint32_t)scratch[COUNT / 2 + round]);
    }
    return sum;
}

static int compare(const void *left, const void *right) {
    const int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

// The same through a pointer to a function, as the C library does it.
static uint64_t heapsort(void) {
    fill();
    uint64_t sum = 0;
    int (*volatile hidden)(const void *, const void *) = compare;
    int (*order)(const void *, const void *) = hidden;
    for (int round = 0; round < 3; round++) {
        memcpy(scratch, numbers, sizeof scratch);
        scratch[round] ^= 99;
        for (int end = COUNT, start = COUNT / 2; end > 1;) {
            if (start > 0) {
                start--;
            } else {
                end--;
                const int32_t t = scratch[0];
                scratch[0] = scratch[end];
                scratch[end] = t;
            }
            for (int root = start, child; (child = 2 * root + 1) < end; root = child) {
                if (child + 1 < end && order(&scratch[child], &scratch[child + 1]) < 0) {
                    child++;
                }
                if (order(&scratch[root], &scratch[child]) >= 0) {
                    break;
                }
                const int32_t t = scratch[root];
                scratch[root] = scratch[child];
                scratch[child] = t;
            }
        }
        sum = mix(sum, (uint32_t)scratch[COUNT / 3 + round]);
    }
    return sum;
}

struct node {
    struct node *next;
    int32_t value;
    int32_t extra;
};

static struct node *merge_lists(struct node *a, struct node *b) {
    struct node head, *tail = &head;
    while (a && b) {
        struct node **least = a->value <= b->value ? &a : &b;
        tail->next = *least;
        tail = *least;
        *least = (*least)->next;
    }
    tail->next = a ? a : b;
    return head.next;
}

static uint64_t list(void) {
    fill();
    enum { NODES = 20000 };
    uint64_t sum = 0;
    for (int round = 0; round < 12; round++) {
        struct node *all = malloc(NODES * sizeof *all);
        struct node *runs[32] = {0};
        for (int i = 0; i < NODES; i++) {
            struct node *run = &all[i];
            run->next = NULL;
            run->value = numbers[i] ^ round;
            run->extra = i;
            int level = 0;
            for (; runs[level]; level++) {
                run = merge_lists(runs[level], run);
                runs[level] = NULL;
            }
            runs[level] = run;
        }
        struct node *sorted = NULL;
        for (int level = 0; level < 32; level++) {
            sorted = runs[level] ? merge_lists(runs[level], sorted) : sorted;
        }
        for (int i = 0; sorted; sorted = sorted->next, i++) {
            if (i % 977 == 0) {
                sum = mix(sum, (uint64_t)(uint32_t)sorted->value + (uint32_t)sorted->extra);
            }
        }
        free(all);
    }
    return sum;
}

struct tree {
    struct tree *left, *right;
    int32_t key;
    int32_t count;
};

static uint64_t tree(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 4; round++) {
        struct tree *root = NULL;
        struct tree *pool = calloc(30000, sizeof *pool);
        int used = 0;
        for (int i = 0; i < 60000; i++) {
            const int32_t key = numbers[i] % 30011;
            struct tree **at = &root;
            while (*at && (*at)->key != key) {
                at = key < (*at)->key ? &(*at)->left : &(*at)->right;
            }
            if (*at) {
                (*at)->count++;
            } else if (used < 30000) {
                *at = &pool[used++];
                (*at)->key = key;
            }
        }
        uint64_t depth = 0;
        for (int32_t key = 0; key < 30011; key += 3) {
            for (struct tree *at = root; at && at->key != key; at = key < at->key ? at->left : at->right) {
                depth++;
            }
        }
        sum = mix(sum, depth + (uint64_t)used);
        numbers[round * 100] ^= 1;
        free(pool);
    }
    return sum;
}

static uint64_t hash_table(void) {
    enum { SLOTS = 1 << 15 };
    static uint32_t keys[SLOTS], values[SLOTS];
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 20; round++) {
        memset(keys, 0, sizeof keys);
        for (int i = 0; i < COUNT; i++) {
            const uint32_t key = (uint32_t)numbers[i] % 20011 + 1;
            uint32_t slot = key * 2654435761u >> 17;
            while (keys[slot] && keys[slot] != key) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            keys[slot] = key;
            values[slot] += (uint32_t)i;
        }
        sum = mix(sum, values[round * 1000]);
        memset(values, 0, sizeof values);
    }
    return sum;
}

static uint64_t sieve(void) {
    static unsigned char composite[1 << 20];
    uint64_t count = 0;
    for (int round = 0; round < 10; round++) {
        memset(composite, 0, sizeof composite);
        for (uint32_t i = 2; i < sizeof composite; i++) {
            if (!composite[i]) {
                count += i + (kernel_seed & 1);
                for (uint32_t j = i * 2; j < sizeof composite; j += i) {
                    composite[j] = 1;
                }
            }
        }
    }
    return count;
}

const struct kernel structure_kernels[] = {{"quicksort", quicksort}, {"heapsort", heapsort}, {"list", list},   {"tree", tree},
                                           {"hash_table", hash_table}, {"sieve", sieve},     {0, 0}};
