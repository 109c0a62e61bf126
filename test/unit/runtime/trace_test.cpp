// A trap tells how the program came to where it was: what was inlined, and who called, in code of every tier.
#include "test/unit/runtime/hosted_run.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

using namespace tessera::test;
using Catch::Contains;
using Catch::EndsWith;

namespace {

const char* const kDebug = R"(
!llvm.module.flags = !{!0}
!llvm.dbg.cu = !{!1}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "far.c", directory: "/src")
!3 = !DISubroutineType(types: !{null})
!4 = distinct !DISubprogram(name: "start", file: !2, line: 30, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!5 = distinct !DISubprogram(name: "outer", file: !2, line: 16, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!6 = distinct !DISubprogram(name: "middle", file: !2, line: 9, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!7 = distinct !DISubprogram(name: "inner", file: !2, line: 2, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!10 = !DILocation(line: 31, scope: !4)
!11 = distinct !DILocation(line: 18, scope: !5)
!12 = distinct !DILocation(line: 12, scope: !6, inlinedAt: !11)
!13 = !DILocation(line: 4, scope: !7, inlinedAt: !12)
!14 = !DILocation(line: 20, scope: !5)
)";

// @outer(address) is called on line 31; `body` is of it.
std::string program_with(const std::string& body) {
    return R"(
define internal i32 @outer(ptr %base, i32 %address) !dbg !5 {
)" + body + R"(
}
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" !dbg !4 {
  %r = call i32 @outer(ptr %base, i32 64), !dbg !10
  call void @proc_exit(ptr %base, i32 %r), !dbg !10
  ret void, !dbg !10
}
)" + kDebug;
}

const char* const kWrites = R"(
  %w = zext i32 %address to i64, !dbg !13
  %p = getelementptr i8, ptr %base, i64 %w, !dbg !13
  store i32 1, ptr %p, !dbg !13
  ret i32 %address, !dbg !14
)";

// Functions that call themselves are not inlined for good, whatever the tier.
const char* const kDeep = R"(
define internal i32 @deep(ptr %base, i32 %n, i32 %address) {
  %last = icmp eq i32 %n, 0
  br i1 %last, label %read, label %more
read:
  %w = zext i32 %address to i64
  %p = getelementptr i8, ptr %base, i64 %w
  %value = load i32, ptr %p
  ret i32 %value
more:
  %m = sub i32 %n, 1
  %r = call i32 @deep(ptr %base, i32 %m, i32 %address)
  %s = mul i32 %r, %n
  ret i32 %s
}
)";

}  // namespace

TEST_CASE("A trap names what was inlined, and the callers up to the entry", "[runtime][trace]") {
    const std::string innermost = "tessera: program 'p': write of address 0x40 (null pointer) at inner (far.c:4)\n"
                                  "  inlined into middle (far.c:12)\n"
                                  "  inlined into outer (far.c:18)\n";
    TestProgram test{.assembly = program_with(kWrites)};
    CHECK(run_hosted({test}).errors == innermost + "  called from start (far.c:31)\n");
    // The image builder inlines more.
    test.cached = true;
    CHECK(run_hosted({test}).errors == innermost + "  inlined into start (far.c:31)\n");
}

TEST_CASE("A function without debug information is named in a trace, also where it was inlined", "[runtime][trace]") {
    std::string text = program_with(kWrites);
    const std::string own = ") !dbg !5 {";
    text.replace(text.find(own), own.size(), ") {");
    for (std::size_t at = 0; (at = text.find(", !dbg !1", at)) != std::string::npos && at < text.find("@start");) {
        text.erase(at, std::string(", !dbg !13").size());
    }
    TestProgram test{.assembly = text};
    CHECK_THAT(run_hosted({test}).errors, EndsWith(" at outer\n  called from start (far.c:31)\n"));
    test.cached = true;
    CHECK_THAT(run_hosted({test}).errors, EndsWith(" at outer\n  inlined into start (far.c:31)\n"));
}

TEST_CASE("What the kernel finds wrong in a call is traced from the call", "[runtime][trace]") {
    TestProgram test{.assembly = program_with(R"(
  call void @tessera.memmove(ptr %base, i32 131072, i32 %address, i32 100000), !dbg !13
  ret i32 0, !dbg !14)")};
    for (const bool cached : {false, true}) {
        test.cached = cached;
        const auto errors = run_hosted({test}).errors;
        CHECK_THAT(errors, Contains("at inner (far.c:4)\n  inlined into middle (far.c:12)\n  inlined into outer"));
        CHECK_THAT(errors, EndsWith(" start (far.c:31)\n"));
    }
}

TEST_CASE("A block operation that faults while it copies is traced from the call", "[runtime][trace]") {
    TestProgram test{.assembly = program_with(R"(
  call void @tessera.memmove(ptr %base, i32 131072, i32 %address, i32 200), !dbg !13
  ret i32 0, !dbg !14)")};
    for (const bool cached : {false, true}) {
        test.cached = cached;
        const auto errors = run_hosted({test}).errors;
        CHECK_THAT(errors, Contains("at inner (far.c:4)\n  inlined into middle (far.c:12)\n  inlined into outer"));
        CHECK_THAT(errors, EndsWith(" start (far.c:31)\n"));
    }
}

TEST_CASE("A program that is stopped is traced from where it was interrupted", "[runtime][trace]") {
    for (const char* cpus : {"cpus=1", "cpus=2"}) {
        // A second program, so that the time limit is also noticed when the core is given back.
        const TestProgram loops{.assembly = program_with("br label %again, !dbg !14\nagain:\n"
                                                         "br label %again, !dbg !13"),
                                .timeout_ms = 500};
        auto other = loops;
        other.name = "q";
        const auto outcome = run_hosted({loops, other}, {cpus});
        for (const char* name : {"'p'", "'q'"}) {
            CHECK_THAT(outcome.errors,
                       Contains(std::string("program ") + name +
                                ": ran longer than its time limit at inner (far.c:4)\n"
                                "  inlined into middle (far.c:12)\n"
                                "  inlined into outer (far.c:18)\n"
                                "  called from start (far.c:31)\n"));
        }
    }
}

TEST_CASE("Calls from one place after the other are counted", "[runtime][trace]") {
    const auto outcome = run_hosted({{.assembly = std::string(kDeep) + R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  %r = call i32 @deep(ptr %base, i32 1000, i32 0)
  call void @proc_exit(ptr %base, i32 %r)
  ret void
})"}});
    CHECK_THAT(outcome.errors, EndsWith(" at deep\n  called from deep, 1000 times\n  called from start\n"));
}

TEST_CASE("A full stack is traced to its end, in a bounded number of lines", "[runtime][trace]") {
    for (const bool cached : {false, true}) {
        // Three functions in a circle, each with two calls of the next one.
        std::string text;
        for (const auto& [name, next] : {std::pair{"a", "b"}, std::pair{"b", "c"}, std::pair{"c", "a"}}) {
            text += "define internal i32 @" + std::string(name) +
                    "(ptr %base, i32 %n) {\n"
                    "  %frame = alloca [64 x i8]\n"
                    "  store i32 %n, ptr %frame\n"
                    "  %m = add i32 %n, 1\n"
                    "  %odd = trunc i32 %n to i1\n"
                    "  br i1 %odd, label %left, label %right\n"
                    "left:\n  %x = call i32 @" +
                    next + "(ptr %base, i32 %m)\n  br label %end\nright:\n  %y = call i32 @" + next +
                    "(ptr %base, i32 %m)\n  %z = mul i32 %y, 3\n  br label %end\n"
                    "end:\n  %v = phi i32 [ %x, %left ], [ %z, %right ]\n"
                    "  %k = load i32, ptr %frame\n  %s = add i32 %v, %k\n  ret i32 %s\n}\n";
        }
        text += R"(define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
            %r = call i32 @a(ptr %base, i32 0)
            call void @proc_exit(ptr %base, i32 %r)
            ret void
        })";
        const auto outcome = run_hosted({{.assembly = text, .timeout_ms = 20000, .cached = cached}});
        CHECK_THAT(outcome.errors, Contains("stack overflow: more than 8192 KiB of calls at "));
        if (!cached) {  // else three functions become one
            CHECK_THAT(outcome.errors, Contains("\n  ... ") && Contains(" more\n"));
        }
        CHECK_THAT(outcome.errors, EndsWith(" called from start\n") || EndsWith(" into start\n"));
        CHECK(std::ranges::count(outcome.errors, '\n') <= 42);
    }
}

TEST_CASE("A trace goes through the kernel's frames between a program's functions", "[runtime][trace]") {
    TestProgram test{.assembly = R"(
define internal void @tried(ptr %base, i32 %a, i32 %b) {
  %w = zext i32 %a to i64
  %p = getelementptr i8, ptr %base, i64 %w
  store i32 %b, ptr %p
  ret void
}
@tessera.ftable.0 = internal constant [1 x ptr] [ptr @tried]
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  %p = getelementptr [1 x ptr], ptr @tessera.ftable.0, i64 0, i64 0
  %f = load ptr, ptr %p
  %r = call i32 @tessera.try(ptr %base, ptr %f, i32 8, i32 0)
  call void @proc_exit(ptr %base, i32 %r)
  ret void
})"};
    for (const bool cached : {false, true}) {
        test.cached = cached;
        CHECK_THAT(run_hosted({test}).errors,
                   EndsWith("write of address 0x8 (null pointer) at tried\n  called from start\n"));
    }
}

TEST_CASE("A name can't fill the console", "[runtime][trace]") {
    const std::string name(5000, 'n');
    const auto outcome =
        run_hosted({{.assembly = "define internal void @" + name +
                                 "(ptr %base, i32 %sp) \"tessera.export\"=\"_start\" {\n  unreachable\n}\n"}});
    CHECK_THAT(outcome.errors, EndsWith(" at " + name.substr(0, 200) + "...\n"));
}

TEST_CASE("A program that is stopped while it waits for a function's code is traced to its call", "[runtime][trace]") {
    // One huge block: loading it takes a part of the time limit, code generation much more.
    std::string text = "define internal i32 @huge(ptr %base, i32 %a0) {\n";
    for (int i = 0; i < 300000; ++i) {
        text += "%a" + std::to_string(i + 1) + " = mul i32 %a" + std::to_string(i) + ", %a" +
                std::to_string(i > 40 ? i - 40 : 0) + "\n";
    }
    text += "ret i32 %a300000\n}\n";
    std::string body = program_with("%x = call i32 @huge(ptr %base, i32 %address), !dbg !13\nret i32 %x, !dbg !14");
    const auto outcome = run_hosted({{.assembly = text + body, .timeout_ms = 2500}}, {"cpus=1"});
    CHECK_THAT(outcome.errors,
               EndsWith("ran longer than its time limit at inner (far.c:4)\n"
                        "  inlined into middle (far.c:12)\n"
                        "  inlined into outer (far.c:18)\n"
                        "  called from start (far.c:31)\n"));
}
