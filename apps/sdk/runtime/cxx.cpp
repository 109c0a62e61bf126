// What compiled C++ without exceptions calls: memory, pure virtual functions, static variables.
#include <stddef.h>
#include <stdlib.h>

void* operator new(size_t bytes) {
    void* block = malloc(bytes != 0 ? bytes : 1);
    if (block == nullptr) {
        abort();  // without exceptions there is no other way to say it
    }
    return block;
}
void* operator new[](size_t bytes) { return operator new(bytes); }
void operator delete(void* block) noexcept { free(block); }
void operator delete[](void* block) noexcept { free(block); }
void operator delete(void* block, size_t) noexcept { free(block); }
void operator delete[](void* block, size_t) noexcept { free(block); }

namespace std {
enum class align_val_t : size_t {};
struct nothrow_t;
}  // namespace std
void* operator new(size_t bytes, std::align_val_t align) {
    void* block = aligned_alloc(static_cast<size_t>(align), bytes);
    if (block == nullptr) {
        abort();
    }
    return block;
}
void* operator new[](size_t bytes, std::align_val_t align) { return operator new(bytes, align); }
void operator delete(void* block, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, size_t, std::align_val_t) noexcept { free(block); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return malloc(bytes != 0 ? bytes : 1); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return malloc(bytes != 0 ? bytes : 1); }

extern "C" {
void __cxa_pure_virtual() { abort(); }
void __cxa_deleted_virtual() { abort(); }

// A program is entered by one fiber so far: a guard needs no lock.
int __cxa_guard_acquire(unsigned char* guard) { return *guard == 0; }
void __cxa_guard_release(unsigned char* guard) { *guard = 1; }
void __cxa_guard_abort(unsigned char*) {}
int __cxa_atexit(void (*)(void*), void*, void*);
int __cxa_thread_atexit(void (*function)(void*), void* object, void* handle) {

    return __cxa_atexit(function, object, handle);
}
}
