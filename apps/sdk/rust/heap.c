// The end of the heap, which the allocator moves.
#include <errno.h>
#include <unistd.h>

enum { PAGE_BYTES = 65536 };

void* sbrk(intptr_t bytes) {
    const uint64_t end = __builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (bytes == 0) {
        return (void*)end;
    }
    if (bytes < 0 || bytes % PAGE_BYTES != 0 || bytes > UINT32_MAX ||
        (int64_t)__builtin_wasm_memory_grow(0, (uint64_t)bytes / PAGE_BYTES) < 0) {
        errno = ENOMEM;
        return (void*)-1;
    }
    return (void*)end;
}
