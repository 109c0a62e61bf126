// What core/trap/vectors.S and core/linux/syscall_entry.S push, lowest address first.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera::trap {

struct Frame {
    std::uint64_t general[16];  // rax, rcx, rdx, rbx, (unused), rbp, rsi, rdi, r8..r15
    std::uint64_t vector;
    std::uint64_t error;
    std::uint64_t rip;
    std::uint64_t cs;
    std::uint64_t rflags;
    std::uint64_t rsp;
    std::uint64_t ss;
};
static_assert(sizeof(Frame) == 184 && offsetof(Frame, rip) == 144);

inline constexpr unsigned kSyscallVector = 256;  // not a vector: marks a frame of the syscall entry

}  // namespace tessera::trap
