// Capabilities as parameters: a program has what its manifest grants, uses it as what it is, and keeps it in tables.
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>

using namespace tessera::test;
using Catch::Contains;

namespace {

const std::string kDeclarations = R"(
declare { i32, i64 } @clock_now(ptr, i32, target("tessera.cap")) "tessera.import"="aeeb5874a5df9e99/0"
declare { i32, target("tessera.cap") } @directory_open(ptr, i32, target("tessera.cap"), ptr "tessera.ro", i64, i32, i32) "tessera.import"="fee6d96a6f4036eb/0"
declare { ptr, i64 } @file_map(ptr, target("tessera.cap")) "tessera.import"="tessera_file/map" "tessera.result"="ro"
declare target("tessera.cap") @tessera.cap_null(ptr)
declare i32 @tessera.cap_is_null(ptr, target("tessera.cap"))
declare i32 @tessera.cap_equal(ptr, target("tessera.cap"), target("tessera.cap"))
)";

TestProgram program(const std::string& parameters, const std::string& body, std::vector<std::string> grants) {
    return {.assembly = kDeclarations + "define internal i32 @main(ptr %base, i32 %sp" + parameters +
                        ") \"tessera.export\"=\"tessera_main\" {\n" + body + "\n}\n",
            .grants = std::move(grants)};
}

const char* const kWriteOk = R"(
    %text = getelementptr i8, ptr %base, i64 131072
    store i32 174811983, ptr %text
    %r = call i32 @write(ptr %base, i32 %sp, target("tessera.cap") %c, i32 131072, i32 4)
    ret i32 %r)";

}  // namespace

TEST_CASE("A program writes to the console that it is handed", "[caps][sdk]") {
    for (const bool cached : {false, true}) {
        auto test = program(R"(, target("tessera.cap") %k, target("tessera.cap") %c)", kWriteOk, {"clock", "console"});
        test.cached = cached;
        const auto outcome = run_hosted({test});
        CHECK(outcome.status == 0);
        CHECK(outcome.output.size() == 4);
    }
}

TEST_CASE("A capability of another interface is no console", "[caps][sdk]") {
    const auto outcome = run_hosted({program(R"(, target("tessera.cap") %c)", kWriteOk, {"clock"})});
    CHECK(outcome.status == 3);
    CHECK(outcome.output.empty());
}

TEST_CASE("The null capability is nothing", "[caps][sdk]") {
    const auto outcome = run_hosted({program("",
                                             R"(
        %c = call target("tessera.cap") @tessera.cap_null(ptr %base)
        %t = call { i32, i64 } @clock_now(ptr %base, i32 %sp, target("tessera.cap") %c)
        %status = extractvalue { i32, i64 } %t, 0
        ret i32 %status)",
                                             {"clock"})});
    CHECK(outcome.status == 2);
}

TEST_CASE("A program that wants more than it is granted is refused", "[caps][sdk]") {
    const auto outcome = run_hosted({program(R"(, target("tessera.cap") %c)", kWriteOk, {})});
    CHECK(outcome.status != 0);
    CHECK_THAT(outcome.errors, Contains("takes 1 capabilities, it is granted 0"));
}

TEST_CASE("A file is opened in a directory and its bytes are borrowed", "[caps][sdk]") {
    const auto outcome = run_hosted({program(R"(, target("tessera.cap") %d)",
                                             R"(
        %name = getelementptr i8, ptr %base, i64 131072
        store i8 102, ptr %name
        %lent = call { ptr, i64 } @lend_const(ptr %base, i32 131072, i32 1)
        %path = extractvalue { ptr, i64 } %lent, 0
        %count = extractvalue { ptr, i64 } %lent, 1
        %of = call { i32, target("tessera.cap") } @directory_open(ptr %base, i32 %sp, target("tessera.cap") %d, ptr %path, i64 %count, i32 0, i32 0)
        %f = extractvalue { i32, target("tessera.cap") } %of, 1
        %og = call { i32, target("tessera.cap") } @directory_open(ptr %base, i32 %sp, target("tessera.cap") %d, ptr %path, i64 %count, i32 0, i32 0)
        %g = extractvalue { i32, target("tessera.cap") } %og, 1
        %same = call i32 @tessera.cap_equal(ptr %base, target("tessera.cap") %f, target("tessera.cap") %g)
        %lent2 = call { ptr, i64 } @lend_const(ptr %base, i32 131080, i32 1)
        %path2 = extractvalue { ptr, i64 } %lent2, 0
        %count2 = extractvalue { ptr, i64 } %lent2, 1
        %on = call { i32, target("tessera.cap") } @directory_open(ptr %base, i32 %sp, target("tessera.cap") %d, ptr %path2, i64 %count2, i32 0, i32 0)
        %none = extractvalue { i32, target("tessera.cap") } %on, 1
        %null = call i32 @tessera.cap_is_null(ptr %base, target("tessera.cap") %none)
        %slice = call { ptr, i64 } @file_map(ptr %base, target("tessera.cap") %f)
        %bytes = extractvalue { ptr, i64 } %slice, 0
        %length = extractvalue { ptr, i64 } %slice, 1
        %enough = icmp uge i64 %length, 3
        br i1 %enough, label %yes, label %no
      no:
        ret i32 1
      yes:
        %p = getelementptr i8, ptr %bytes, i64 2
        %b = load i8, ptr %p
        %w = zext i8 %b to i32
        %s = add i32 %w, %same
        %t = add i32 %s, %null
        ret i32 %t)",
                                             {"dir /d f=xyz"})});
    CHECK(outcome.errors == "");
    CHECK(outcome.status == 'z' + 2);
}

TEST_CASE("A program can't ask for a file's bytes to write to", "[caps][sdk]") {
    auto test = program("",
                        R"(
        %c = call target("tessera.cap") @tessera.cap_null(ptr %base)
        %slice = call { ptr, i64 } @file_map(ptr %base, target("tessera.cap") %c)
        ret i32 0)",
                        {});
    test.assembly.replace(test.assembly.find("\"ro\""), 4, "\"rw\"");
    const auto outcome = run_hosted({test});
    CHECK(outcome.status == 126);
    CHECK_THAT(outcome.errors, Contains("import tessera_file/map is (capability) -> read-only slice"));
}

TEST_CASE("Capability tables share one limit", "[caps][hostile]") {
    auto test = program("",
                        R"(
        %null = call target("tessera.cap") @tessera.cap_null(ptr %base)
        %a = call i32 @tessera.cap_table_grow(ptr %base, i32 0, target("tessera.cap") %null, i32 1048575)
        %b = call i32 @tessera.cap_table_grow(ptr %base, i32 1, target("tessera.cap") %null, i32 1)
        %c = call i32 @tessera.cap_table_grow(ptr %base, i32 1, target("tessera.cap") %null, i32 1)
        %full = icmp eq i32 %c, -1
        %bit = zext i1 %full to i32
        %ab = add i32 %a, %b
        %r = add i32 %ab, %bit
        ret i32 %r)",
                        {"clock"});
    test.assembly = "declare i32 @tessera.cap_table_grow(ptr, i32, target(\"tessera.cap\"), i32)\n" + test.assembly;
    test.cap_tables = 2;
    CHECK(run_hosted({test}).status == 1);
}
