#include "runtime/backtrace.h"

#include <algorithm>

namespace tessera::runtime {
namespace {

constinit std::uintptr_t program_code_begin = 0;
constinit std::uintptr_t program_code_end = 0;

}  // namespace

void set_program_code(std::uintptr_t begin, std::uintptr_t end) {
    program_code_begin = begin;
    program_code_end = end;
}

bool in_program_code(std::uintptr_t address) { return address >= program_code_begin && address < program_code_end; }

void Backtrace::add(std::uintptr_t return_address) {
    const auto address = return_address - 1;
    if (calls != 0) {
        auto& last =
            calls <= kInnermostMax ? innermost[calls - 1] : outermost[(calls - 1 - kInnermostMax) % kOutermostMax];
        if (last.address == address) {
            ++last.times;
            return;
        }
    }
    if (calls < kInnermostMax) {
        innermost[calls] = {address, 1};
    } else {
        auto& oldest = outermost[(calls - kInnermostMax) % kOutermostMax];
        omitted_times += oldest.times;
        oldest = {address, 1};
    }
    ++calls;
}

std::size_t Backtrace::innermost_count() const { return std::min<std::uint64_t>(calls, kInnermostMax); }

std::size_t Backtrace::outermost_count() const {
    return std::min<std::uint64_t>(calls - innermost_count(), kOutermostMax);
}

const Backtrace::Call& Backtrace::outermost_call(std::size_t index) const {
    return outermost[(calls - kInnermostMax - outermost_count() + index) % kOutermostMax];
}

// The kernel's frames are read across, and those that were left by a jump may have poisoned their surroundings.
[[gnu::no_sanitize("address")]] std::uintptr_t stack_word(std::uintptr_t address, const StackPart& stack) {
    if (address % sizeof(std::uintptr_t) != 0 || address < stack.bottom || address >= stack.top ||
        stack.top - address < sizeof(std::uintptr_t)) {
        return 0;
    }
    // SAFETY: a word of a stack whose bounds the kernel keeps.
    return *reinterpret_cast<const volatile std::uintptr_t*>(address);
}

void follow_frames(Backtrace& trace, std::uintptr_t frame, const StackPart& stack) {
    // Frames only ever lie further out, so there are as many steps as fit the stack, at most.
    for (auto inner = stack.bottom; frame >= inner && frame < stack.top;) {
        const auto return_address = stack_word(frame + sizeof(std::uintptr_t), stack);
        if (return_address == 0) {
            return;
        }
        if (in_program_code(return_address)) {
            trace.add(return_address);
        }
        inner = frame + 2 * sizeof(std::uintptr_t);
        frame = stack_word(frame, stack);
    }
}

}  // namespace tessera::runtime
