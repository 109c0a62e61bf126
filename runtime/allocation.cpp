// The whole kernel's allocation functions, LLVM's included: operator new never gives null.
//
// A file of its own, so that a link with a sanitizer takes the sanitizer's functions instead.
#include "runtime/guarded_run.h"
#include "runtime/reserve.h"

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>
#include <unistd.h>

namespace {

using namespace tessera::runtime;

void* from_c_library(std::size_t bytes, std::size_t alignment) {
    return alignment <= alignof(std::max_align_t)
               ? std::malloc(bytes)
               : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

[[noreturn]] void stop_without_memory() {
    constexpr std::string_view kText = "tessera: the kernel itself has no memory left, its reserve included\n";
    (void)!write(STDERR_FILENO, kText.data(), kText.size());
    std::abort();
}

void* allocate(std::size_t bytes, std::size_t alignment) {
    void* memory = from_c_library(bytes, alignment);
    if (memory == nullptr) {
        escape_guarded_run("the machine is out of memory");
        memory = open_reserve() ? from_c_library(bytes, alignment) : nullptr;
        if (memory == nullptr) {
            stop_without_memory();
        }
    }
    return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, 0); }
void* operator new[](std::size_t bytes) { return allocate(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t& /*unused*/) noexcept { return allocate(bytes, 0); }
void* operator new[](std::size_t bytes, const std::nothrow_t& /*unused*/) noexcept { return allocate(bytes, 0); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*unused*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*unused*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*unused*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t /*unused*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*unused*/, std::align_val_t /*unused*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*unused*/, std::align_val_t /*unused*/) noexcept {
    std::free(memory);
}
