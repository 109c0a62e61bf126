// A program without code in its image begins with quick code; full code takes its place while it runs.
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <string>

using namespace tessera::test;
using Catch::Contains;

namespace {

// Calls @work, which takes some milliseconds in quick code, until `calls` are done; then what `last` says.
std::string long_program(const std::string& calls, const std::string& last) {
    return R"(
define internal i32 @work(ptr %base, i32 %seed, i32 %address) noinline {
  br label %loop
loop:
  %i = phi i32 [ 0, %0 ], [ %n, %loop ]
  %x = phi i32 [ %seed, %0 ], [ %z, %loop ]
  %y = mul i32 %x, 1664525
  %z = xor i32 %y, %i
  %n = add i32 %i, 1
  %more = icmp ult i32 %n, 1000000
  br i1 %more, label %loop, label %done
done:
  %w = zext i32 %address to i64
  %p = getelementptr i8, ptr %base, i64 %w
  store i32 %z, ptr %p
  ret i32 %z
}
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  br label %loop
loop:
  %i = phi i32 [ 0, %0 ], [ %n, %loop ]
  %x = phi i32 [ 1, %0 ], [ %y, %loop ]
  %y = call i32 @work(ptr %base, i32 %x, i32 131072)
  %n = add i32 %i, 1
  %more = icmp ult i32 %n, )" +
           calls + R"(
  br i1 %more, label %loop, label %done
done:
)" + last + "\n  ret void\n}\n";
}

const char* const kExit = "%status = and i32 %y, 63\ncall void @proc_exit(ptr %base, i32 %status)";

}  // namespace

TEST_CASE("Full code takes the place of quick code, and computes the same", "[runtime][load]") {
    const TestProgram test{.assembly = long_program("1000", kExit)};
    const auto both = run_hosted({test}, {"cpus=2", "log=verbose"});
    CHECK_THAT(both.errors, Contains("2 functions, 2 of full quality"));
    // On the core that the program never leaves, too.
    const auto one = run_hosted({test}, {"cpus=1", "log=verbose"});
    CHECK_THAT(one.errors, Contains("2 functions, 2 of full quality"));
    CHECK(one.status == both.status);
    // What was done before there is any full code.
    const auto quick = run_hosted({{.assembly = long_program("1", kExit)}}, {"cpus=1", "log=verbose"});
    CHECK_THAT(quick.errors, Contains("2 functions, 0 of full quality"));
}

TEST_CASE("A trap in code that took the place of other code is named with its function", "[runtime][load]") {
    const TestProgram test{
        .assembly = long_program("1000", "%r = call i32 @work(ptr %base, i32 1, i32 64)\n" + std::string(kExit))};
    const auto outcome = run_hosted({test}, {"cpus=2"});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("write of address 0x40 (null pointer) at work"));
}

TEST_CASE("A program that ends does not wait for full code that takes long to make", "[runtime][load]") {
    // One huge block, which is never called: some seconds of code generation.
    std::string text = long_program("30", kExit) + "define internal i32 @huge(ptr %base, i32 %a0) {\n";
    for (int i = 0; i < 60000; ++i) {
        text += "%a" + std::to_string(i + 1) + " = " +
                (i % 3 == 0   ? "mul"
                 : i % 3 == 1 ? "xor"
                              : "add") +
                " i32 %a" + std::to_string(i) + ", %a" + std::to_string(i > 40 ? i - 40 : 0) + "\n";
    }
    text += "ret i32 %a60000\n}\n";
    for (const char* cores : {"cpus=1", "cpus=2"}) {
        const auto outcome = run_hosted({{.assembly = text}}, {cores, "log=verbose"});
        CHECK(outcome.status < 64);
        CHECK_THAT(outcome.errors, Contains("2 functions, ") && !Contains("3 of full quality"));
    }
}

TEST_CASE("A program that sleeps, then calls what is new, gets quick code while all cores make full code",
          "[runtime][load]") {
    constexpr int kTurns = 48;
    constexpr int kFunctions = 3;  // new ones after each sleep
    constexpr int kInstructions = 400;
    std::string text;
    std::string calls;
    std::uint32_t expected = 1;
    for (int turn = 0; turn < kTurns; ++turn) {
        // Now and then long enough that full code is made on the program's own core, too; else it wakes, perhaps on
        // another core, while quick code is made there ahead of its calls.
        calls += fmt::format("call void @rest(ptr %base, i32 %sp, i64 {})\n", turn % 6 == 5 ? 40'000'000 : 1'000'000);
        for (int i = turn * kFunctions; i < (turn + 1) * kFunctions; ++i) {
            text += fmt::format("define internal i32 @new{}(ptr %base, i32 %a0) noinline {{\n", i);
            for (int at = 0; at < kInstructions; ++at) {
                const auto number = static_cast<unsigned>(i + at);
                text += fmt::format("%a{} = {} i32 %a{}, {}\n", at + 1, at % 2 == 0 ? "mul" : "xor", at, number | 1U);
                expected = at % 2 == 0 ? expected * (number | 1U) : expected ^ (number | 1U);
            }
            text += fmt::format("ret i32 %a{}\n}}\n", kInstructions);
            calls += fmt::format(
                "%v{} = call i32 @new{}(ptr %base, i32 {})\n", i + 1, i, i == 0 ? "1" : fmt::format("%v{}", i));
        }
    }
    text += R"(
declare { i32, i64 } @sleep(ptr, i32, target("tessera.cap"), i64) "tessera.import"="e919553f9ee2dab2/1"
define internal void @rest(ptr %base, i32 %sp, i64 %nanoseconds) noinline {
  %clock = call target("tessera.cap") @granted(ptr %base, i32 %sp, i32 1)
  %slept = call { i32, i64 } @sleep(ptr %base, i32 %sp, target("tessera.cap") %clock, i64 %nanoseconds)
  ret void
}
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
)" + calls +
            fmt::format("%status = and i32 %v{}, 63\ncall void @proc_exit(ptr %base, i32 %status)\nret void\n}}\n",
                        kTurns * kFunctions);
    for (const char* cores : {"cpus=1", "cpus=2", "cpus=2", "cpus=2"}) {
        const auto outcome = run_hosted({{.assembly = text, .timeout_ms = 20'000}}, {cores, "log=verbose"});
        INFO(outcome.errors);
        CHECK(outcome.status == static_cast<int>(expected & 63U));
        CHECK_FALSE(outcome.errors.find(" 0 of full quality") != std::string::npos);
    }
}

TEST_CASE("A trap in full code, where the function has made no frame yet, is traced to its caller", "[runtime][load]") {
    // Full code reads `address` first and makes a frame only where it calls @work.
    const std::string early = R"(
define internal i32 @early(ptr %base, i32 %seed, i32 %address) {
  %w = zext i32 %address to i64
  %p = getelementptr i8, ptr %base, i64 %w
  %value = load i32, ptr %p
  %none = icmp eq i32 %value, 12345678
  br i1 %none, label %out, label %more
out:
  ret i32 1
more:
  %x = call i32 @work(ptr %base, i32 %seed, i32 131072)
  %y = call i32 @work(ptr %base, i32 %x, i32 131076)
  %z = add i32 %x, %y
  ret i32 %z
}
)";
    const std::string body =
        long_program("1000", "%r = call i32 @early(ptr %base, i32 1, i32 64)\n" + std::string(kExit));
    const auto outcome = run_hosted({{.assembly = early + body}}, {"cpus=2", "log=verbose"});
    CHECK_THAT(outcome.errors, Contains(", 3 of full quality"));
    CHECK_THAT(outcome.errors, Contains("at early\n  called from start\n"));
}

TEST_CASE("A program ends with its time limit, whatever is being made for it", "[runtime][load][timeout]") {
    // A switch like this keeps one pass of LLVM busy for minutes, without a single allocation.
    std::string text = "define internal i32 @chooses(ptr %base, i32 %x) noinline {\n  switch i32 %x, label %t0 [\n";
    for (unsigned i = 0; i < 200000; ++i) {
        text += fmt::format("    i32 {}, label %t{}\n", (i + 1) * 1000, 1 + (i * 7 + i / 3) % 7);
    }
    text += "  ]\n";
    for (int i = 0; i < 8; ++i) {
        text += fmt::format("t{}:\n  ret i32 {}\n", i, i);
    }
    text += "}\n" + long_program("1000000000", "%r = call i32 @chooses(ptr %base, i32 %y)");
    for (const char* cpus : {"cpus=1", "cpus=2"}) {
        const auto outcome = run_hosted({{.assembly = text, .timeout_ms = 4000}}, {cpus});
        CHECK(outcome.status == 124);
        CHECK_THAT(outcome.errors, Contains("ran longer than its time limit"));
    }
}

TEST_CASE("Loading is inside a program's time limit", "[runtime][load][timeout]") {
    std::string text = "define internal i32 @huge(ptr %base, i32 %a0) {\n";
    for (int i = 0; i < 300000; ++i) {
        text += fmt::format("%a{} = mul i32 %a{}, %a{}\n", i + 1, i, i > 40 ? i - 40 : 0);
    }
    text += "ret i32 %a300000\n}\n" + long_program("1", kExit);
    const auto outcome = run_hosted({{.assembly = text, .timeout_ms = 20}}, {"cpus=1"});
    CHECK(outcome.status == 124);
    CHECK_THAT(outcome.errors, Contains("ran longer than its time limit, while it was loaded"));
}
