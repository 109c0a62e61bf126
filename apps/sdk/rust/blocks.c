// Comparison of blocks, eight bytes at a time: Rust compares slices and strings with these.
#include <stdint.h>
#include <string.h>

int memcmp(const void* first, const void* second, size_t bytes) {
    const unsigned char* a = first;
    const unsigned char* b = second;
    for (; bytes >= 8; bytes -= 8, a += 8, b += 8) {
        uint64_t x;
        uint64_t y;
        __builtin_memcpy(&x, a, 8);
        __builtin_memcpy(&y, b, 8);
        if (x != y) {
            x = __builtin_bswap64(x);
            y = __builtin_bswap64(y);
            return x < y ? -1 : 1;
        }
    }
    for (; bytes != 0; --bytes, ++a, ++b) {
        if (*a != *b) {
            return *a < *b ? -1 : 1;
        }
    }
    return 0;
}

int bcmp(const void* first, const void* second, size_t bytes) { return memcmp(first, second, bytes); }
