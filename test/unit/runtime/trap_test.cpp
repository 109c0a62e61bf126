// What goes wrong in a program ends that program, with the cause and the place.
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>

using namespace tessera::test;
using Catch::Contains;

namespace {

TestProgram program(const std::string& body) {
    return {.assembly =
                "define internal void @start(ptr %base, i32 %sp) \"tessera.export\"=\"_start\" {\n" + body + "\n}\n"};
}

const char* const kForever = R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  br label %again
again:
  br label %again
})";

const char* const kHello = R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  %text = getelementptr i8, ptr %base, i64 131088
  store i64 748834949953841251, ptr %text
  %console = call target("tessera.cap") @granted(ptr %base, i32 %sp, i32 0)
  %r = call i32 @write(ptr %base, i32 %sp, target("tessera.cap") %console, i32 131088, i32 8)
  call void @proc_exit(ptr %base, i32 %r)
  ret void
})";

}  // namespace

TEST_CASE("A read of address 0 is named with its function", "[runtime][trap]") {
    const auto outcome = run_hosted({program(R"(
        %r = load i32, ptr %base
        call void @proc_exit(ptr %base, i32 %r)
        ret void)")});
    CHECK(outcome.status == 134);
    CHECK(outcome.errors == "tessera: program 'p': read of address 0x0 (null pointer) at start\n");
}

TEST_CASE("A trap names file and line where the program has them", "[runtime][trap]") {
    auto test = program(R"(
        %a = getelementptr i8, ptr %base, i64 4294967280
        store i32 1, ptr %a, !dbg !5
        ret void)");
    test.assembly.replace(test.assembly.find("{"), 1, "!dbg !4 {");
    test.assembly += R"(
        !llvm.module.flags = !{!0}
        !llvm.dbg.cu = !{!1}
        !0 = !{i32 2, !"Debug Info Version", i32 3}
        !1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
        !2 = !DIFile(filename: "far.c", directory: "/src")
        !3 = !DISubroutineType(types: !{null})
        !4 = distinct !DISubprogram(name: "start", file: !2, line: 3, type: !3, unit: !1, spFlags: DISPFlagDefinition)
        !5 = !DILocation(line: 7, column: 3, scope: !4))";
    for (const bool cached : {false, true}) {
        test.cached = cached;
        const auto outcome = run_hosted({test});
        CHECK(outcome.status == 134);
        CHECK(outcome.errors ==
              "tessera: program 'p': write of address 0xfffffff0, beyond its memory of 256 KiB at start (far.c:7)\n");
    }
}

TEST_CASE("A division by zero is named", "[runtime][trap]") {
    const auto outcome = run_hosted({program(R"(
        %a = getelementptr i8, ptr %base, i64 131072
        %zero = load i32, ptr %a
        %r = sdiv i32 5, %zero
        call void @proc_exit(ptr %base, i32 %r)
        ret void)")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("divided by zero at start"));
}

TEST_CASE("Endless recursion is a stack overflow", "[runtime][trap]") {
    for (const bool cached : {false, true}) {
        const auto outcome = run_hosted({{.assembly = R"(
            define internal i32 @deep(ptr %base, i32 %n) noinline {
              %frame = alloca [512 x i8]
              %slot = getelementptr i8, ptr %frame, i64 256
              store i32 %n, ptr %slot
              %m = add i32 %n, 1
              %r = call i32 @deep(ptr %base, i32 %m)
              %s = load i32, ptr %slot
              %u = mul i32 %r, %n
              %t = udiv i32 %u, %s
              ret i32 %t
            }
            define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
              %r = call i32 @deep(ptr %base, i32 0)
              call void @proc_exit(ptr %base, i32 %r)
              ret void
            })",
                                          .timeout_ms = 20000,
                                          .cached = cached}});
        CHECK(outcome.status == 134);
        CHECK_THAT(outcome.errors, Contains("stack overflow"));
    }
}

TEST_CASE("Recursion that calls the kernel at its deepest is a stack overflow, too", "[runtime][trap]") {
    const auto outcome = run_hosted({{.assembly = R"(
        define internal i32 @deep(ptr %base, i32 %n) noinline {
          %t = call i32 @tessera.memory_size(ptr %base)
          %m = add i32 %n, %t
          %r = call i32 @deep(ptr %base, i32 %m)
          %s = add i32 %r, %t
          ret i32 %s
        }
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          %r = call i32 @deep(ptr %base, i32 0)
          call void @proc_exit(ptr %base, i32 %r)
          ret void
        })"}});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("stack overflow"));
}

TEST_CASE("An overflow of the arena's stack is told apart", "[runtime][trap]") {
    const auto outcome = run_hosted({program(R"(
        %low = sub i32 %sp, 70000
        %off = zext i32 %low to i64
        %a = getelementptr i8, ptr %base, i64 %off
        store i32 1, ptr %a
        ret void)")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("null pointer") || Contains("ran out of stack"));
}

TEST_CASE("A program that loops for ever is ended by its time limit", "[runtime][timeout]") {
    const auto outcome = run_hosted({{.assembly = kForever, .timeout_ms = 500}});
    CHECK(outcome.status == 124);
    CHECK_THAT(outcome.errors, Contains("ran longer than its time limit at start"));
}

TEST_CASE("The command line's time limit holds for every program", "[runtime][timeout]") {
    const auto outcome = run_hosted({{.assembly = kForever}}, {"timeout=100ms"});
    CHECK(outcome.status == 124);
}

TEST_CASE("Other programs go on beside one that loops and one that traps", "[runtime][trap]") {
    for (const char* cpus : {"cpus=1", "cpus=2"}) {
        auto trapping = program("%r = load i32, ptr %base\ncall void @proc_exit(ptr %base, i32 %r)\nret void");
        trapping.name = "trapping";
        const auto outcome = run_hosted({{.name = "looping", .assembly = kForever, .timeout_ms = 400},
                                         trapping,
                                         {.name = "hello", .assembly = kHello}},
                                        {cpus});
        CHECK(outcome.status == 124);
        CHECK(outcome.output == "checked\n");
        CHECK_THAT(outcome.errors, Contains("program 'looping': ran longer"));
        CHECK_THAT(outcome.errors, Contains("program 'trapping': read of address 0x0"));
    }
}

TEST_CASE("Block operations outside the memory are the program's fault", "[runtime][trap]") {
    const auto outcome = run_hosted({program(R"(
        call void @tessera.memset(ptr %base, i32 131072, i32 0, i32 4000000000)
        ret void)")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("write of address 0x20000, beyond its memory of 256 KiB at start"));
}

TEST_CASE("A block operation that begins at address 0 is the program's fault", "[runtime][trap]") {
    const auto outcome = run_hosted({program(R"(
        call void @tessera.memmove(ptr %base, i32 131072, i32 0, i32 64)
        ret void)")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("read of address 0x0 (null pointer) at start"));
}

TEST_CASE("A throw that nothing catches ends the program", "[runtime][trap]") {
    const auto outcome = run_hosted({program("call void @tessera.throw(ptr %base, i32 3)\nret void")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("longjmp to a function that has returned"));
}

TEST_CASE("Reaching the unreachable is named", "[runtime][trap]") {
    const auto outcome = run_hosted({program("unreachable")});
    CHECK(outcome.status == 134);
    CHECK_THAT(outcome.errors, Contains("declared unreachable at start"));
}
