// Pointers and integers: graphs, heaps, tries, chains, allocation, permutations, modular powers.
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

enum { VERTICES = 20000, EDGES = 6 * VERTICES };

struct edge {
    struct edge *next;
    int32_t to;
    uint32_t weight;
};

static struct edge edges[EDGES];
static struct edge *out_of[VERTICES];

static void connect(void) {
    uint32_t state = kernel_seed;
    memset(out_of, 0, sizeof out_of);
    for (int i = 0; i < EDGES; i++) {
        const uint32_t from = next_random(&state) % VERTICES;
        edges[i] = (struct edge){out_of[from], (int32_t)(next_random(&state) % VERTICES), next_random(&state) % 1000 + 1};
        out_of[from] = &edges[i];
    }
}

static uint64_t breadth_first(void) {
    static int32_t distance[VERTICES], queue[VERTICES];
    connect();
    uint64_t sum = 0;
    for (int round = 0; round < 5; round++) {
        memset(distance, 0xff, sizeof distance);
        int head = 0, tail = 0;
        queue[tail++] = round;
        distance[round] = 0;
        while (head < tail) {
            const int32_t vertex = queue[head++];
            for (const struct edge *edge = out_of[vertex]; edge; edge = edge->next) {
                if (distance[edge->to] < 0) {
                    distance[edge->to] = distance[vertex] + 1;
                    queue[tail++] = edge->to;
                }
            }
        }
        sum = mix(sum, (uint64_t)tail + (uint32_t)distance[queue[tail - 1]]);
    }
    return sum;
}

static uint64_t shortest_paths(void) {
    static uint32_t distance[VERTICES];
    static struct item {
        uint32_t key;
        int32_t vertex;
    } heap[EDGES + 1];
    connect();
    uint64_t sum = 0;
    for (int round = 0; round < 2; round++) {
        memset(distance, 0xff, sizeof distance);
        int used = 0;
        heap[used++] = (struct item){0, round};
        distance[round] = 0;
        while (used > 0) {
            const struct item top = heap[0];
            const struct item last = heap[--used];
            int at = 0;
            for (int child; (child = 2 * at + 1) < used; at = child) {
                if (child + 1 < used && heap[child + 1].key < heap[child].key) {
                    child++;
                }
                if (heap[child].key >= last.key) {
                    break;
                }
                heap[at] = heap[child];
            }
            heap[at] = last;
            if (top.key > distance[top.vertex]) {
                continue;
            }
            for (const struct edge *edge = out_of[top.vertex]; edge; edge = edge->next) {
                const uint32_t reach = top.key + edge->weight;
                if (reach < distance[edge->to]) {
                    distance[edge->to] = reach;
                    int hole = used++;
                    while (hole > 0 && heap[(hole - 1) / 2].key > reach) {
                        heap[hole] = heap[(hole - 1) / 2];
                        hole = (hole - 1) / 2;
                    }
                    heap[hole] = (struct item){reach, edge->to};
                }
            }
        }
        for (int i = 0; i < VERTICES; i += 13) {
            sum = mix(sum, distance[i]);
        }
    }
    return sum;
}

struct branch {
    struct branch *left, *right;
};

static struct branch *grow(int depth) {
    struct branch *branch = malloc(sizeof *branch);
    branch->left = depth ? grow(depth - 1) : NULL;
    branch->right = depth ? grow(depth - 1) : NULL;
    return branch;
}

static uint32_t count(const struct branch *branch) {
    return branch->left ? 1 + count(branch->left) + count(branch->right) : 1;
}

static void fell(struct branch *branch) {
    if (branch->left) {
        fell(branch->left);
        fell(branch->right);
    }
    free(branch);
}

static uint64_t binary_trees(void) {
    uint64_t sum = 0;
    for (int round = 0; round < 20; round++) {
        struct branch *root = grow(12 + (int)(kernel_seed & 1));
        sum = mix(sum, count(root));
        fell(root);
    }
    return sum;
}

struct chain {
    struct chain *next;
    uint32_t key, value;
};

static uint64_t chained_map(void) {
    enum { BUCKETS = 4096 };
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
        struct chain **buckets = calloc(BUCKETS, sizeof *buckets);
        uint32_t state = kernel_seed + (uint32_t)round;
        for (int i = 0; i < 60000; i++) {
            const uint32_t key = next_random(&state) % 9973;
            struct chain **at = &buckets[key * 2654435761u >> 20];
            while (*at && (*at)->key != key) {
                at = &(*at)->next;
            }
            if (*at && (i & 7) == 0) {
                struct chain *gone = *at;
                *at = gone->next;
                sum += gone->value;
                free(gone);
            } else if (*at) {
                (*at)->value++;
            } else {
                *at = malloc(sizeof **at);
                **at = (struct chain){NULL, key, 1};
            }
        }
        for (int i = 0; i < BUCKETS; i++) {
            while (buckets[i]) {
                struct chain *gone = buckets[i];
                buckets[i] = gone->next;
                sum = mix(sum, gone->value);
                free(gone);
            }
        }
        free(buckets);
    }
    return sum;
}

static uint64_t trie(void) {
    static struct {
        int32_t child[26];
        int32_t ends;
    } nodes[40000];
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
        memset(nodes, 0, sizeof nodes);
        int used = 1;
        uint32_t state = kernel_seed + (uint32_t)round;
        for (int i = 0; i < 40000; i++) {
            uint32_t letters = next_random(&state);
            int at = 0;
            for (uint32_t length = 2 + letters % 4; length > 0; length--) {
                letters = letters * 1664525u + 1013904223u;
                int32_t *child = &nodes[at].child[(letters >> 16) % 12];
                if (!*child) {
                    if (used == 40000) {
                        break;
                    }
                    *child = used++;
                }
                at = *child;
            }
            nodes[at].ends++;
        }
        for (int i = 0; i < used; i += 17) {
            sum = mix(sum, (uint64_t)nodes[i].ends);
        }
    }
    return sum;
}

static uint64_t merge_sort(void) {
    enum { COUNT = 1 << 16 };
    static uint32_t from[COUNT], to[COUNT];
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
        uint32_t state = kernel_seed + (uint32_t)round;
        for (int i = 0; i < COUNT; i++) {
            from[i] = next_random(&state);
        }
        uint32_t *a = from, *b = to;
        for (size_t width = 1; width < COUNT; width *= 2) {
            for (size_t low = 0; low < COUNT; low += 2 * width) {
                size_t i = low, j = low + width;
                const size_t middle = j, high = low + 2 * width;
                for (size_t k = low; k < high; k++) {
                    b[k] = i < middle && (j >= high || a[i] <= a[j]) ? a[i++] : a[j++];
                }
            }
            uint32_t *swap = a;
            a = b;
            b = swap;
        }
        sum = mix(sum, a[COUNT / 3 + round]);
    }
    return sum;
}

static uint64_t fannkuch(void) {
    int permutation[16], start[16], counts[16];
    const int n = 9 + (int)(kernel_seed & 0);
    int most = 0, check = 0, r = n;
    for (int i = 0; i < n; i++) {
        start[i] = i;
    }
    for (int index = 0;; index++) {
        for (; r != 1; r--) {
            counts[r - 1] = r;
        }
        memcpy(permutation, start, sizeof permutation);
        int flips = 0;
        for (int first; (first = permutation[0]) != 0; flips++) {
            for (int i = 0, j = first; i < j; i++, j--) {
                const int t = permutation[i];
                permutation[i] = permutation[j];
                permutation[j] = t;
            }
        }
        most = flips > most ? flips : most;
        check += index & 1 ? -flips : flips;
        for (;; r++) {
            if (r == n) {
                return mix((uint64_t)most, (uint64_t)check);
            }
            const int first = start[0];
            for (int i = 0; i < r; i++) {
                start[i] = start[i + 1];
            }
            start[r] = first;
            if (--counts[r] > 0) {
                break;
            }
        }
    }
}

static uint64_t modular_power(void) {
    uint64_t sum = 0;
    uint32_t state = kernel_seed;
    for (int round = 0; round < 50000; round++) {
        const uint64_t modulus = next_random(&state) | 0x80000001u;
        uint64_t base = next_random(&state) % modulus, result = 1;
        for (uint32_t exponent = next_random(&state) | 0x80000000u; exponent; exponent >>= 1) {
            if (exponent & 1) {
                result = result * base % modulus;
            }
            base = base * base % modulus;
        }
        sum = mix(sum, result);
    }
    return sum;
}

static uint64_t collatz(void) {
    uint64_t longest = 0, sum = 0;
    for (uint32_t start = 1; start < 40000; start++) {
        uint64_t value = start + (kernel_seed & 1), steps = 0;
        while (value != 1) {
            value = value & 1 ? 3 * value + 1 : value / 2;
            steps++;
        }
        longest = steps > longest ? steps : longest;
        sum += steps;
    }
    return mix(longest, sum);
}

const struct kernel pointer_kernels[] = {{"breadth_first", breadth_first},
                                         {"shortest_paths", shortest_paths},
                                         {"binary_trees", binary_trees},
                                         {"chained_map", chained_map},
                                         {"trie", trie},
                                         {"merge_sort", merge_sort},
                                         {"fannkuch", fannkuch},
                                         {"modular_power", modular_power},
                                         {"collatz", collatz},
                                         {0, 0}};
