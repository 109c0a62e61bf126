// What stands in for functions of the C library in the kernel's links (meson.build: --wrap), so that guarded work, LLVM
// included, has its heap and can be ended or preempted between any two instructions:
//   - memory comes from the current heap, and goes back to the heap that it is of;
//   - under a lock, in a static that is half made, or in the C library's own allocator, nothing is taken from it;
//   - what a lock guards lives where the lock lives, and a static in no heap: neither goes when a heap is dropped.
//
// A file of its own, so that links without it, those with a sanitizer, take none of this.
#include "runtime/deferral.h"
#include "runtime/guarded_run.h"
#include "runtime/heap.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <pthread.h>

using namespace tessera::runtime;

// The linker makes these names of those that it is told to wrap.
// NOLINTBEGIN(bugprone-reserved-identifier,misc-use-internal-linkage)
extern "C" {

void* __real_malloc(std::size_t bytes);
void* __real_calloc(std::size_t count, std::size_t bytes);
void* __real_realloc(void* block, std::size_t bytes);
void* __real_memalign(std::size_t alignment, std::size_t bytes);
void __real_free(void* block);
std::size_t __real_malloc_usable_size(void* block);
void __real_qsort(void* items, std::size_t count, std::size_t bytes, int (*compare)(const void*, const void*));
int __real_pthread_mutex_lock(pthread_mutex_t* lock);
int __real_pthread_mutex_trylock(pthread_mutex_t* lock);
int __real_pthread_mutex_unlock(pthread_mutex_t* lock);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_unlock(pthread_rwlock_t* lock);
int __real_pthread_once(pthread_once_t* once, void (*function)());
int __real___cxa_guard_acquire(std::uint64_t* guard);
void __real___cxa_guard_release(std::uint64_t* guard);

// --- Memory.

// What even the program's reserve has not, and can't be refused, is the kernel's own.
static void* given(void* block, Heap& heap, std::size_t bytes, std::size_t alignment = Heap::kAlignment) {
    if (block == nullptr) {
        block = heap_failed(heap, bytes, alignment);
    }
    if (block == nullptr && !allocation_may_fail()) {
        block = alignment <= Heap::kAlignment ? __real_malloc(bytes) : __real_memalign(alignment, bytes);
    }
    errno = block == nullptr ? ENOMEM : errno;
    return block;
}

void* __wrap_malloc(std::size_t bytes) {
    auto* heap = current_heap();
    return heap == nullptr ? __real_malloc(bytes) : given(heap->allocate(bytes), *heap, bytes);
}

void* __wrap_calloc(std::size_t count, std::size_t bytes) {
    auto* heap = current_heap();
    if (heap == nullptr) {
        return __real_calloc(count, bytes);
    }
    std::size_t all = 0;
    if (__builtin_mul_overflow(count, bytes, &all)) {
        all = ~std::size_t{0};
    }
    if (void* block = heap->allocate_zeroed(all)) {
        return block;
    }
    void* block = given(nullptr, *heap, all);
    return block == nullptr ? nullptr : std::memset(block, 0, all);
}

void* __wrap_memalign(std::size_t alignment, std::size_t bytes) {
    auto* heap = current_heap();
    return heap == nullptr ? __real_memalign(alignment, bytes)
                           : given(heap->allocate(bytes, alignment), *heap, bytes, alignment);
}

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t bytes) { return __wrap_memalign(alignment, bytes); }

int __wrap_posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
    *block = __wrap_memalign(alignment, bytes);
    return *block == nullptr ? ENOMEM : 0;
}

void __wrap_free(void* block) {
    if (block == nullptr) {
        return;
    }
    auto* owner = Heap::owner_of(block);
    if (owner != nullptr && owner == current_heap()) {
        owner->free(block);
        return;
    }
    const Deferral deferral;
    if (owner != nullptr) {
        owner->free(block);
    } else {
        __real_free(block);
    }
}

void* __wrap_realloc(void* block, std::size_t bytes) {
    if (block == nullptr) {
        return __wrap_malloc(bytes);
    }
    auto* owner = Heap::owner_of(block);
    if (owner == nullptr) {
        const Deferral deferral;
        return __real_realloc(block, bytes);
    }
    const bool own = owner == current_heap();
    if (!own) {
        enter_deferred(current_heap());
    }
    void* resized = owner->resize(block, bytes);
    if (!own) {
        leave_deferred();
    }
    if (resized == nullptr) {
        resized = given(nullptr, *owner, bytes);
        if (resized != nullptr) {
            std::memcpy(resized, block, std::min(bytes, Heap::usable_bytes(block)));
            __wrap_free(block);
        }
    }
    return resized;
}

std::size_t __wrap_malloc_usable_size(void* block) {
    return Heap::owner_of(block) != nullptr ? Heap::usable_bytes(block) : __real_malloc_usable_size(block);
}

char* __wrap_strdup(const char* text) {
    const auto bytes = std::strlen(text) + 1;
    auto* copy = static_cast<char*>(__wrap_malloc(bytes));
    return copy == nullptr ? nullptr : static_cast<char*>(std::memcpy(copy, text, bytes));
}

// The C library's allocates from its own heap. Merges, so equal items stay in order, as they do there.
void __wrap_qsort(void* items, std::size_t count, std::size_t bytes, int (*compare)(const void*, const void*)) {
    if (!guarded_run_active()) {
        __real_qsort(items, count, bytes, compare);
        return;
    }
    if (count < 2) {
        return;
    }
    auto* from = static_cast<char*>(items);
    auto* const other = static_cast<char*>(__wrap_malloc(count * bytes));
    auto* to = other;
    for (std::size_t width = 1; width < count; width *= 2) {
        for (std::size_t begin = 0; begin < count; begin += 2 * width) {
            auto left = begin;
            const auto middle = std::min(begin + width, count);
            auto right = middle;
            const auto end = std::min(begin + 2 * width, count);
            for (auto at = begin; at < end; ++at) {
                const bool takes_left =
                    left < middle && (right >= end || compare(from + left * bytes, from + right * bytes) <= 0);
                std::memcpy(to + at * bytes, from + (takes_left ? left++ : right++) * bytes, bytes);
            }
        }
        std::swap(from, to);
    }
    if (from == other) {
        std::memcpy(items, other, count * bytes);
    }
    __wrap_free(other);
}

// --- Locks and statics.

int __wrap_pthread_mutex_lock(pthread_mutex_t* lock) {
    if (!belongs_to_guarded_run(lock)) {
        enter_deferred(Heap::owner_of(lock));
    }
    return __real_pthread_mutex_lock(lock);
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t* lock) {
    if (belongs_to_guarded_run(lock)) {
        return __real_pthread_mutex_trylock(lock);
    }
    enter_deferred(Heap::owner_of(lock));
    const int result = __real_pthread_mutex_trylock(lock);
    if (result != 0) {
        leave_deferred();
    }
    return result;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t* lock) {
    const int result = __real_pthread_mutex_unlock(lock);
    if (!belongs_to_guarded_run(lock)) {
        leave_deferred();
    }
    return result;
}

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
    if (!belongs_to_guarded_run(lock)) {
        enter_deferred(Heap::owner_of(lock));
    }
    return __real_pthread_rwlock_rdlock(lock);
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    if (!belongs_to_guarded_run(lock)) {
        enter_deferred(Heap::owner_of(lock));
    }
    return __real_pthread_rwlock_wrlock(lock);
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) {
    const int result = __real_pthread_rwlock_unlock(lock);
    if (!belongs_to_guarded_run(lock)) {
        leave_deferred();
    }
    return result;
}

int __wrap_pthread_once(pthread_once_t* once, void (*function)()) {
    const Deferral deferral(nullptr);
    return __real_pthread_once(once, function);
}

int __wrap___cxa_guard_acquire(std::uint64_t* guard) {
    enter_deferred(nullptr);
    const int mine = __real___cxa_guard_acquire(guard);
    if (mine == 0) {
        leave_deferred();
    }
    return mine;
}

void __wrap___cxa_guard_release(std::uint64_t* guard) {
    __real___cxa_guard_release(guard);
    leave_deferred();
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,misc-use-internal-linkage)
