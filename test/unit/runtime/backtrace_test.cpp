// Following frame pointers on stacks of all kinds.
#include "runtime/backtrace.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>

using namespace tessera::runtime;

namespace {

constexpr std::uintptr_t kCode = 0x10000;
constexpr std::uintptr_t kCodeEnd = 0x20000;

// Words of a stack; a frame is two of them.
struct Words {
    std::array<std::uintptr_t, 4096> words{};

    Words() { set_program_code(kCode, kCodeEnd); }
    [[nodiscard]] std::uintptr_t at(std::size_t index) const { return reinterpret_cast<std::uintptr_t>(&words[index]); }
    void frame(std::size_t index, std::uintptr_t outer, std::uintptr_t return_address) {
        words[index] = outer;
        words[index + 1] = return_address;
    }
    [[nodiscard]] StackPart all() const { return {at(0), at(0) + sizeof words}; }
    Backtrace trace(std::uintptr_t frame) const {
        Backtrace trace;
        follow_frames(trace, frame, all());
        return trace;
    }
};

}  // namespace

TEST_CASE("Callers are found from the innermost frame outwards, the kernel's left out", "[runtime][trace]") {
    Words stack;
    stack.frame(10, stack.at(20), kCode + 5);
    stack.frame(20, stack.at(30), kCodeEnd);
    stack.frame(30, 0, kCode + 9);
    const auto trace = stack.trace(stack.at(10));
    REQUIRE(trace.calls == 2);
    CHECK(trace.innermost[0].address == kCode + 4);
    CHECK(trace.innermost[1].address == kCode + 8);
    CHECK(trace.outermost_count() == 0);
}

TEST_CASE("A chain of frames that makes no sense is followed no further", "[runtime][trace]") {
    Words stack;
    const auto next = GENERATE_COPY(stack.at(10),                      // itself
                                    stack.at(4),                       // inwards
                                    stack.at(11),                      // into the frame
                                    stack.at(20) + 1,                  // not aligned
                                    stack.at(4095),                    // its return address is outside
                                    stack.at(0) + sizeof stack.words,  // outside
                                    stack.at(0) - 8,
                                    ~std::uintptr_t{7},
                                    std::uintptr_t{8});
    stack.frame(10, next, kCode + 5);
    stack.frame(20, 0, kCode + 7);
    stack.words[4095] = stack.at(10);
    CHECK(stack.trace(stack.at(10)).calls == 1);
}

TEST_CASE("A first frame outside the stack gives no callers", "[runtime][trace]") {
    Words stack;
    stack.words.fill(kCode + 1);
    for (const auto frame : {std::uintptr_t{0}, stack.at(0) - 16, stack.at(4095), stack.at(0) + sizeof stack.words}) {
        CHECK(stack.trace(frame).calls == 0);
    }
    CHECK(stack_word(stack.at(4095), stack.all()) == kCode + 1);
    CHECK(stack_word(stack.at(4095) + 8, stack.all()) == 0);
    CHECK(stack_word(stack.at(4095) + 1, stack.all()) == 0);
    CHECK(stack_word(stack.at(0) - 8, stack.all()) == 0);
}

TEST_CASE("Of many calls the innermost and the outermost are kept, and those between counted", "[runtime][trace]") {
    Words stack;
    const std::size_t calls = GENERATE(1U, 24U, 25U, 32U, 33U, 50U, 1000U);
    for (std::size_t i = 0; i < calls; ++i) {
        stack.frame(2 * i, i + 1 == calls ? 0 : stack.at(2 * i + 2), kCode + 1 + i);
    }
    const auto trace = stack.trace(stack.at(0));
    CHECK(trace.calls == calls);
    CHECK(trace.innermost_count() == std::min<std::size_t>(calls, Backtrace::kInnermostMax));
    CHECK(trace.innermost_count() + trace.outermost_count() + trace.omitted_times == calls);
    CHECK(trace.innermost[0].address == kCode);
    if (calls > Backtrace::kInnermostMax) {
        CHECK(trace.outermost_call(trace.outermost_count() - 1).address == kCode + calls - 1);
        CHECK(trace.outermost_call(0).address == kCode + calls - trace.outermost_count());
    }
}

TEST_CASE("Recursion takes one entry, wherever it is", "[runtime][trace]") {
    Backtrace trace;
    for (std::size_t i = 0; i < 100; ++i) {
        for (std::size_t times = 0; times < 7; ++times) {
            trace.add(kCode + i);
        }
    }
    CHECK(trace.calls == 100);
    CHECK(trace.innermost[3].times == 7);
    CHECK(trace.outermost_call(0).times == 7);
    CHECK(trace.omitted_times == (100 - Backtrace::kInnermostMax - Backtrace::kOutermostMax) * 7);
}
