#include "test/harness/work.h"

#include <atomic>
#include <cerrno>
#include <malloc.h>

// glibc's own allocator, under the names that it is reached by when the usual ones are taken.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

constinit std::atomic<std::size_t> live = 0;
constinit std::atomic<std::size_t> peak = 0;
constinit std::uint64_t steps = 0;

void* counted(void* memory) {
    const std::size_t now = live += malloc_usable_size(memory);
    if (now > peak) {
        peak = now;
    }
    return memory;
}

}  // namespace

extern "C" {

void __sanitizer_cov_trace_pc() { ++steps; }

void* malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size)); }
void* realloc(void* memory, std::size_t size) {
    const std::size_t before = malloc_usable_size(memory);
    void* moved = __libc_realloc(memory, size);
    if (moved != nullptr || size == 0) {
        live -= before;
        return counted(moved);
    }
    return moved;
}
void* memalign(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = memalign(alignment, size);
    return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
    live -= malloc_usable_size(memory);
    __libc_free(memory);
}

}  // extern "C"

namespace tessera::harness {

Meter::Meter() : bytes_(live), steps_(steps) { peak = bytes_; }

Cost Meter::cost() const { return {peak - bytes_, steps - steps_}; }

}  // namespace tessera::harness
