// Who called whom in a program, as addresses: gathered where a program is ended, trap handlers included, and put in
// words later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

// The reservation for generated code. Set once, before there are programs.
void set_program_code(std::uintptr_t begin, std::uintptr_t end);
[[nodiscard]] bool in_program_code(std::uintptr_t address);

struct Backtrace {
    static constexpr std::size_t kInnermostMax = 24;
    static constexpr std::size_t kOutermostMax = 8;

    struct Call {
        std::uintptr_t address = 0;  // inside the calling instruction
        std::uint64_t times = 0;     // one after the other: recursion
    };
    std::uintptr_t place = 0;  // the interrupted instruction of the program; 0: the first call says where it was
    // The words at the stack pointer then. At `place` there may be no frame yet, and one of these is the return
    // address.
    std::array<std::uintptr_t, 2> top{};
    // Calls, the innermost first. Of more than fit, those in the middle are only counted.
    std::array<Call, kInnermostMax> innermost{};
    std::array<Call, kOutermostMax> outermost{};  // a ring: number n of them is at n % kOutermostMax
    std::uint64_t calls = 0;                      // that got an entry, or would have
    std::uint64_t omitted_times = 0;              // how often the program was called from those without an entry

    // Adds a call that is further out.
    void add(std::uintptr_t return_address);
    [[nodiscard]] std::size_t innermost_count() const;
    [[nodiscard]] std::size_t outermost_count() const;
    [[nodiscard]] const Call& outermost_call(std::size_t index) const;  // 0: the innermost of them
};

// The part of a stack that belongs to a program's call; only this is read.
struct StackPart {
    std::uintptr_t bottom = 0;
    std::uintptr_t top = 0;
};

// Follows frame pointers outwards, for as long as they make sense. Return addresses outside the program's code are the
// kernel's and left out.
void follow_frames(Backtrace& trace, std::uintptr_t frame, const StackPart& stack);
// The word at an address, 0 if that is not inside.
[[nodiscard]] std::uintptr_t stack_word(std::uintptr_t address, const StackPart& stack);

}  // namespace tessera::runtime
