// Programs that go right: calls, memory, capabilities, WASI, preemption.
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>

using namespace tessera::test;
using Catch::Contains;

namespace {

TestProgram program(const std::string& body) {
    return {.assembly =
                "define internal void @start(ptr %base, i32 %sp) \"tessera.export\"=\"_start\" {\n" + body + "\n}\n"};
}

std::string exit_with(const std::string& value) {
    return "call void @proc_exit(ptr %base, i32 " + value + ")\nret void";
}

}  // namespace

TEST_CASE("The exit status is the program's", "[runtime][program]") {
    for (const bool cached : {false, true}) {
        auto test = program(exit_with("42"));
        test.cached = cached;
        const auto outcome = run_hosted({test});
        CHECK(outcome.status == 42);
        CHECK(outcome.errors.empty());
    }
}

TEST_CASE("Memory grows to the limit and then says no", "[runtime][memory]") {
    auto test = program(R"(
        %a = call i32 @tessera.memory_grow(ptr %base, i32 12)
        %b = call i32 @tessera.memory_grow(ptr %base, i32 1)
        %s = call i32 @tessera.memory_size(ptr %base)
        %p = getelementptr i8, ptr %base, i64 1048572
        store i32 7, ptr %p
        %no = icmp eq i32 %b, -1
        %n = zext i1 %no to i32
        %x = mul i32 %a, 32
        %y = add i32 %x, %s
        %z = mul i32 %n, 100
        %t = add i32 %y, %z
    )" + exit_with("%t"));
    test.memory_bytes = 1U << 20U;
    CHECK(run_hosted({test}).status == 4 * 32 + 16 + 100 - 256 + 256);
}

TEST_CASE("An unknown import and one of another type are refused by name", "[safeir][load]") {
    const auto unknown = run_hosted({{.assembly = R"(
        declare i32 @foo(ptr) "tessera.import"="env/foo"
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          %r = call i32 @foo(ptr %base)
          ret void
        })"}});
    CHECK(unknown.status == 126);
    CHECK_THAT(unknown.errors, Contains("unknown import env/foo"));
    const auto mistyped = run_hosted({{.assembly = R"(
        declare void @foo(ptr, i64) "tessera.import"="tessera_domain/exit"
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          call void @foo(ptr %base, i64 1)
          ret void
        })"}});
    CHECK(mistyped.status == 126);
    CHECK_THAT(mistyped.errors,
               Contains("import tessera_domain/exit is (i32) -> nothing, the program wants (i64) -> nothing"));
}

TEST_CASE("Arguments of every kind survive the compilation of a function that is called first", "[safeir][load]") {
    const char* const text = R"(
        define internal i64 @many(ptr %base, i32 %a, i64 %b, i32 %c, i32 %d, i32 %e, i32 %f, i32 %g, double %x, <4 x i64> %v, float %y, <8 x i32> %w, <16 x i32> %u) noinline {
          %b1 = trunc i64 %b to i32
          %s1 = add i32 %a, %b1
          %s2 = add i32 %s1, %c
          %s3 = add i32 %s2, %d
          %s4 = add i32 %s3, %e
          %s5 = add i32 %s4, %f
          %s6 = add i32 %s5, %g
          %xi = fptosi double %x to i32
          %yi = fptosi float %y to i32
          %s7 = add i32 %s6, %xi
          %s8 = add i32 %s7, %yi
          %v3 = extractelement <4 x i64> %v, i32 3
          %v3i = trunc i64 %v3 to i32
          %s9 = add i32 %s8, %v3i
          %w7 = extractelement <8 x i32> %w, i32 7
          %s10 = add i32 %s9, %w7
          %u15 = extractelement <16 x i32> %u, i32 15
          %s11 = add i32 %s10, %u15
          %r = zext i32 %s11 to i64
          ret i64 %r
        }
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          %r = call i64 @many(ptr %base, i32 1, i64 2, i32 3, i32 4, i32 5, i32 6, i32 7, double 8.0, <4 x i64> <i64 0, i64 0, i64 0, i64 9>, float 10.0, <8 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 11>, <16 x i32> <i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 12>)
          %t = trunc i64 %r to i32
          call void @proc_exit(ptr %base, i32 %t)
          ret void
        })";
    CHECK(run_hosted({{.assembly = text}}).status == 78);
    CHECK(run_hosted({{.assembly = text, .cached = true}}).status == 78);
}

TEST_CASE("Damaged code from the image is not taken", "[safeir][load]") {
    auto test = program(exit_with("5"));
    test.cached = true;
    test.spoil_cache = true;
    const auto outcome = run_hosted({test}, {"log=verbose"});
    CHECK(outcome.status == 5);
    CHECK_THAT(outcome.errors, Contains("no generated code is taken from the image: it is damaged"));
}

TEST_CASE("A program calls through its function table, and not through what is no function", "[safeir][load]") {
    const std::string text = R"(
        define internal void @two(ptr %base, i32 %sp, i32 %x) {
          call void @proc_exit(ptr %base, i32 2)
          ret void
        }
        define internal void @one(ptr %base, i32 %sp, i32 %x) {
          call void @proc_exit(ptr %base, i32 1)
          ret void
        }
        @tessera.ftable.0 = internal constant [4 x ptr] [ptr null, ptr @one, ptr @two, ptr null]
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          %a = getelementptr i8, ptr %base, i64 131072
          store i32 INDEX, ptr %a
          %i = load i32, ptr %a
          %m = and i32 %i, 3
          %z = zext i32 %m to i64
          %p = getelementptr [4 x ptr], ptr @tessera.ftable.0, i64 0, i64 %z
          %f = load ptr, ptr %p
          call void %f(ptr %base, i32 %sp, i32 9)
          ret void
        })";
    for (const bool cached : {false, true}) {
        const auto with = [&](const std::string& index) {
            auto copy = text;
            copy.replace(copy.find("INDEX"), 5, index);
            return run_hosted({{.assembly = copy, .cached = cached}});
        };
        CHECK(with("1").status == 1);
        CHECK(with("2").status == 2);
        CHECK(with("6").status == 2);
        const auto bad = with("3");
        CHECK(bad.status == 134);
        CHECK_THAT(bad.errors, Contains("called through a function pointer that is null or of another type"));
    }
}

TEST_CASE("What is thrown arrives at the innermost try", "[runtime][program]") {
    const char* const text = R"(
        define internal void @thrower(ptr %base, i32 %a, i32 %b) {
          %s = add i32 %a, %b
          call void @tessera.throw(ptr %base, i32 %s)
          ret void
        }
        define internal void @outer(ptr %base, i32 %a, i32 %b) {
          %p = getelementptr [2 x ptr], ptr @tessera.ftable.0, i64 0, i64 0
          %f = load ptr, ptr %p
          %r = call i32 @tessera.try(ptr %base, ptr %f, i32 %a, i32 %b)
          %d = mul i32 %r, 2
          call void @tessera.throw(ptr %base, i32 %d)
          ret void
        }
        @tessera.ftable.0 = internal constant [2 x ptr] [ptr @thrower, ptr @outer]
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          %p = getelementptr [2 x ptr], ptr @tessera.ftable.0, i64 0, i64 1
          %f = load ptr, ptr %p
          %r = call i32 @tessera.try(ptr %base, ptr %f, i32 20, i32 3)
          call void @proc_exit(ptr %base, i32 %r)
          ret void
        })";
    CHECK(run_hosted({{.assembly = text}}).status == 46);
    CHECK(run_hosted({{.assembly = text, .cached = true}}).status == 46);
}

TEST_CASE("Preempted programs keep their registers", "[runtime][preempt]") {
    // Sums in vector, floating-point and integer registers for about half a second, checked against each other.
    const char* const text = R"(
        define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
          br label %loop
        loop:
          %i = phi i64 [ 0, %0 ], [ %i1, %loop ]
          %v = phi <4 x i64> [ zeroinitializer, %0 ], [ %v1, %loop ]
          %d = phi double [ 0.0, %0 ], [ %d1, %loop ]
          %h = phi i64 [ 1, %0 ], [ %h2, %loop ]
          %v1 = add <4 x i64> %v, <i64 1, i64 2, i64 3, i64 4>
          %d1 = fadd double %d, 1.0
          %h1 = mul i64 %h, 6364136223846793005
          %h2 = add i64 %h1, 1442695040888963407
          %i1 = add i64 %i, 1
          %c = icmp ult i64 %i1, 150000000
          br i1 %c, label %loop, label %done
        done:
          %e0 = extractelement <4 x i64> %v1, i32 0
          %e3 = extractelement <4 x i64> %v1, i32 3
          %di = fptosi double %d1 to i64
          %x = sub i64 %e0, %di
          %q = mul i64 %i1, 4
          %y = sub i64 %e3, %q
          %z = or i64 %x, %y
          %hx = sub i64 %h2, HASH
          %z2 = or i64 %z, %hx
          %bad = icmp ne i64 %z2, 0
          %r = zext i1 %bad to i32
          call void @proc_exit(ptr %base, i32 %r)
          ret void
        })";
    std::uint64_t hash = 1;
    for (int i = 0; i < 150000000; ++i) {
        hash = hash * 6364136223846793005U + 1442695040888963407U;
    }
    std::string with_hash = text;
    with_hash.replace(with_hash.find("HASH"), 4, std::to_string(static_cast<std::int64_t>(hash)));
    for (const bool cached : {false, true}) {
        std::vector<TestProgram> programs;
        for (const char* name : {"a", "b", "c"}) {
            programs.push_back({.name = name, .assembly = with_hash, .cached = cached});
        }
        const auto outcome = run_hosted(programs, {"cpus=1"});
        CHECK(outcome.status == 0);
        CHECK(outcome.errors.empty());
    }
}
