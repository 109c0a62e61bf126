// The string functions that programs spend their time in, 32 bytes at a time; the C library's own go by four.
// A block of 32 aligned bytes never crosses a page, so it may be read whole if one of its bytes may.
#include <stdint.h>
#include <string.h>

enum { BLOCK = 32, PAGE = 4096 };

typedef unsigned char block __attribute__((vector_size(BLOCK), aligned(1), may_alias));
typedef _Bool flags __attribute__((ext_vector_type(BLOCK)));

// One bit for each byte that is not zero.
static inline uint32_t bits_of(block bytes) {
    const flags set = __builtin_convertvector(bytes, flags);
    uint32_t bits;
    _Static_assert(sizeof set == sizeof bits, "a bit for each byte");
    __builtin_memcpy(&bits, &set, sizeof bits);
    return bits;
}

static inline uint32_t zeros(block bytes) { return bits_of((block)(bytes == 0)); }
static inline uintptr_t block_start(const void *at) { return (uintptr_t)at & ~(uintptr_t)(BLOCK - 1); }
static inline block block_at(uintptr_t address) { return *(const block *)address; }

size_t strlen(const char *string) {
    uintptr_t at = block_start(string);
    uint32_t found = zeros(block_at(at)) >> ((uintptr_t)string - at);
    if (found) {
        return (size_t)__builtin_ctz(found);
    }
    do {
        at += BLOCK;
        found = zeros(block_at(at));
    } while (!found);
    return at + (uintptr_t)__builtin_ctz(found) - (uintptr_t)string;
}

void *memchr(const void *bytes, int wanted, size_t size) {
    if (size == 0) {
        return NULL;
    }
    const block pattern = (block){0} + (unsigned char)wanted;
    uintptr_t at = block_start(bytes);
    const uintptr_t skipped = (uintptr_t)bytes - at;
    uint32_t found = zeros(block_at(at) ^ pattern) >> skipped << skipped;
    // Counted from `at`; it may well go round.
    const uintptr_t end = size > UINTPTR_MAX - (uintptr_t)bytes ? UINTPTR_MAX : (uintptr_t)bytes + size;
    while (!found) {
        if (end - at <= BLOCK) {
            return NULL;
        }
        at += BLOCK;
        found = zeros(block_at(at) ^ pattern);
    }
    at += (uintptr_t)__builtin_ctz(found);
    return at < end ? (void *)at : NULL;
}

char *__strchrnul(const char *string, int wanted) {
    const block pattern = (block){0} + (unsigned char)wanted;
    uintptr_t at = block_start(string);
    const uintptr_t skipped = (uintptr_t)string - at;
    const block first = block_at(at);
    uint32_t found = (zeros(first) | zeros(first ^ pattern)) >> skipped << skipped;
    while (!found) {
        at += BLOCK;
        const block next = block_at(at);
        found = zeros(next) | zeros(next ^ pattern);
    }
    return (char *)(at + (uintptr_t)__builtin_ctz(found));
}

char *strchrnul(const char *string, int wanted) { return __strchrnul(string, wanted); }

char *strchr(const char *string, int wanted) {
    char *found = __strchrnul(string, wanted);
    return *(unsigned char *)found == (unsigned char)wanted ? found : NULL;
}

int strcmp(const char *left, const char *right) {
    const unsigned char *a = (const unsigned char *)left, *b = (const unsigned char *)right;
    // Most differ early.
    for (int i = 0; i < 4; i++, a++, b++) {
        if (*a != *b || !*a) {
            return *a - *b;
        }
    }
    for (;;) {
        while (((uintptr_t)a & (PAGE - 1)) <= PAGE - BLOCK && ((uintptr_t)b & (PAGE - 1)) <= PAGE - BLOCK) {
            const block x = *(const block *)a, y = *(const block *)b;
            const uint32_t ends = zeros(x) | bits_of((block)(x != y));
            if (ends) {
                const int at = __builtin_ctz(ends);
                return a[at] - b[at];
            }
            a += BLOCK;
            b += BLOCK;
        }
        // One of them is near its page's end.
        for (int i = 0; i < BLOCK; i++, a++, b++) {
            if (*a != *b || !*a) {
                return *a - *b;
            }
        }
    }
}
