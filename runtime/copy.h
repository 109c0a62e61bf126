// Copying to and from program memory, where any page may be missing. A fault ends the copy, not the kernel (trap.cpp).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
// 0, or 1 if a page was missing; some bytes may have been copied then. The ranges may overlap.
std::uint64_t tessera_copy(void* to, const void* from, std::size_t bytes);
std::uint64_t tessera_fill(void* to, int byte, std::size_t bytes);

// For calls that the code generator makes for memcpy, memmove and memset in program code. A fault is the program's.
void* tessera_program_memmove(void* to, const void* from, std::size_t bytes);
void* tessera_program_memset(void* to, int byte, std::size_t bytes);

// The helpers memmove and memset as programs call them. What is long or outside the memory goes on to the slow ones.
void tessera_small_memmove(std::byte* base, std::uint32_t to, std::uint32_t from, std::uint32_t bytes);
void tessera_small_memset(std::byte* base, std::uint32_t to, std::uint32_t byte, std::uint32_t bytes);
extern std::uintptr_t tessera_memmove_slow;
extern std::uintptr_t tessera_memset_slow;

// The code of the above in which a fault means a missing page, and where it continues then.
extern const char tessera_copy_begin[];
extern const char tessera_copy_end[];
extern const char tessera_copy_fault[];
}
