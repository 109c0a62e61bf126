// Vectors of 512 bits in AVX-512's registers: what a program has in them stays, whatever comes in between.
#include "safeir/load/cpu_features.h"
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace tessera;
using namespace tessera::test;

namespace {

constexpr unsigned kSums = 24;  // with temporaries more than zmm0 to zmm15
constexpr unsigned kTurns = 50'000'000;

bool has_wide_registers() {
    if (safeir::detect_features() >= safeir::Features::X86_64_v4) {
        return true;
    }
    WARN("skipped: this processor has no AVX-512");
    return false;
}

// Eight different numbers, and others for each sum and each program.
std::string step(unsigned program, unsigned sum) {
    std::string text = "<";
    for (unsigned lane = 0; lane < 8; ++lane) {
        text +=
            fmt::format("{}i64 {}", lane == 0 ? "" : ", ", std::uint64_t{1} << (program + 3 * lane) | (sum * 64 + 1));
    }
    return text + ">";
}

// Many sums side by side, and a mask that is the other way round in each turn; in the end, what they have to be.
std::string summing_program(unsigned program) {
    std::string head;
    std::string body;
    std::string tail;
    for (unsigned i = 0; i < kSums; ++i) {
        head += fmt::format("%v{0} = phi <8 x i64> [ zeroinitializer, %0 ], [ %n{0}, %loop ]\n", i);
        body += fmt::format("%n{0} = add <8 x i64> %v{0}, {1}\n", i, step(program, i));
        tail += fmt::format("%e{0} = mul <8 x i64> %turns, {1}\n"
                            "%d{0} = xor <8 x i64> %e{0}, %n{0}\n"
                            "%o{2} = or <8 x i64> %o{0}, %d{0}\n",
                            i,
                            step(program, i),
                            i + 1);
    }
    const char* const mask = program % 2 == 0 ? "<i1 1, i1 0, i1 1, i1 1, i1 0, i1 0, i1 1, i1 0>"
                                              : "<i1 0, i1 0, i1 1, i1 0, i1 1, i1 1, i1 0, i1 1>";
    return fmt::format(R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {{
  br label %loop
loop:
  %i = phi i64 [ 0, %0 ], [ %i1, %loop ]
  %m = phi <8 x i1> [ {mask}, %0 ], [ %m1, %loop ]
  %w = phi <8 x i64> [ zeroinitializer, %0 ], [ %w1, %loop ]
  {head}
  {body}
  %w2 = add <8 x i64> %w, splat (i64 1)
  %w1 = select <8 x i1> %m, <8 x i64> %w2, <8 x i64> %w
  %m1 = xor <8 x i1> %m, splat (i1 true)
  %i1 = add i64 %i, 1
  %c = icmp ult i64 %i1, {turns}
  br i1 %c, label %loop, label %done
done:
  %t0 = insertelement <8 x i64> zeroinitializer, i64 %i1, i32 0
  %turns = shufflevector <8 x i64> %t0, <8 x i64> zeroinitializer, <8 x i32> zeroinitializer
  %h = lshr <8 x i64> %turns, splat (i64 1)
  %o0 = xor <8 x i64> %w1, %h
  {tail}
  %mx = xor <8 x i1> %m1, {mask}
  %mw = zext <8 x i1> %mx to <8 x i64>
  %all = or <8 x i64> %o{sums}, %mw
  %sum = call i64 @llvm.vector.reduce.or.v8i64(<8 x i64> %all)
  %bad = icmp ne i64 %sum, 0
  %r = zext i1 %bad to i32
  call void @proc_exit(ptr %base, i32 %r)
  ret void
}}
declare i64 @llvm.vector.reduce.or.v8i64(<8 x i64>)
)",
                       fmt::arg("mask", mask),
                       fmt::arg("head", head),
                       fmt::arg("body", body),
                       fmt::arg("tail", tail),
                       fmt::arg("turns", kTurns),
                       fmt::arg("sums", kSums));
}

// @f0 to @f9 get eight vectors in registers, and are long, so that each is made for itself when it is called.
std::string passing_program() {
    std::string text;
    std::string calls;
    for (unsigned f = 0; f < 10; ++f) {
        std::string body = "%x0 = add i32 %s, 1\n";
        for (unsigned i = 0; i < 700; ++i) {
            body += fmt::format("%x{} = {} i32 %x{}, {}\n", i + 1, i % 2 == 0 ? "mul" : "xor", i, 2 * i + 7);
        }
        std::string parameters;
        std::string arguments;
        std::string last = "zeroinitializer";
        for (unsigned a = 0; a < 8; ++a) {
            parameters += fmt::format(", <16 x i32> %a{}", a);
            arguments += fmt::format(", <16 x i32> %p{}", a);
            body += fmt::format("%m{0} = mul <16 x i32> %a{0}, splat (i32 {1})\n"
                                "%t{0} = add <16 x i32> %m{0}, {2}\n",
                                a,
                                2 * a + 3,
                                last);
            last = fmt::format("%t{}", a);
        }
        text += fmt::format("define internal <16 x i32> @f{}(ptr %base, i32 %s{}) noinline {{\n{}"
                            "%u = and i32 %x700, 0\n"
                            "%v = insertelement <16 x i32> zeroinitializer, i32 %u, i32 0\n"
                            "%r = add <16 x i32> {}, %v\nret <16 x i32> %r\n}}\n",
                            f,
                            parameters,
                            body,
                            last);
        calls += fmt::format("%r{0} = call <16 x i32> @f{0}(ptr %base, i32 {0}{1})\n", f, arguments);
    }
    std::string vectors;
    std::string expected = "zeroinitializer";
    for (unsigned a = 0; a < 8; ++a) {
        vectors += fmt::format("%p{0} = mul <16 x i32> %seed, splat (i32 {1})\n"
                               "%q{0} = mul <16 x i32> %p{0}, splat (i32 {2})\n"
                               "%g{0} = add <16 x i32> %q{0}, {3}\n",
                               a,
                               a * 1000 + 17,
                               2 * a + 3,
                               expected);
        expected = fmt::format("%g{}", a);
    }
    std::string compare;
    std::string difference = "zeroinitializer";
    for (unsigned f = 0; f < 10; ++f) {
        compare += fmt::format(
            "%y{0} = xor <16 x i32> %r{0}, {1}\n%z{0} = or <16 x i32> %y{0}, {2}\n", f, expected, difference);
        difference = fmt::format("%z{}", f);
    }
    return text + fmt::format(R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {{
  %s0 = insertelement <16 x i32> zeroinitializer, i32 %sp, i32 0
  %s1 = shufflevector <16 x i32> %s0, <16 x i32> zeroinitializer, <16 x i32> zeroinitializer
  %seed = add <16 x i32> %s1, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  {}{}{}
  %sum = call i32 @llvm.vector.reduce.or.v16i32(<16 x i32> {})
  %bad = icmp ne i32 %sum, 0
  %r = zext i1 %bad to i32
  call void @proc_exit(ptr %base, i32 %r)
  ret void
}}
declare i32 @llvm.vector.reduce.or.v16i32(<16 x i32>)
)",
                              vectors,
                              calls,
                              compare,
                              difference);
}

}  // namespace

TEST_CASE("Preempted programs keep vectors of 512 bits and masks", "[runtime][preempt]") {
    if (!has_wide_registers()) {
        return;
    }
    for (const bool cached : {true, false}) {
        std::vector<TestProgram> programs;
        for (unsigned i = 0; i < 4; ++i) {
            programs.push_back({.name = fmt::format("p{}", i), .assembly = summing_program(i), .cached = cached});
        }
        // Two of them to a core.
        const auto outcome = run_hosted(programs, {"cpus=2", "log=verbose"});
        CHECK(outcome.status == 0);
        CHECK((!cached || outcome.errors.find("code for x86-64-v4") != std::string::npos));
    }
}

TEST_CASE("The first call of a function passes vectors of 512 bits in registers", "[runtime][load]") {
    if (has_wide_registers()) {
        CHECK(run_hosted({{.assembly = passing_program()}}).status == 0);
    }
}
