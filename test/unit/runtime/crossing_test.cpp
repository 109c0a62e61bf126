// Calls from one domain into another: what is handed over, what comes back, and whose fault is whose.
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>

using namespace tessera::test;
using Catch::Contains;

namespace {

#define CAP R"(target("tessera.cap"))"

// A service of interface 1111111111111111, with a little of everything.
const std::string kService =
    R"(
declare )" CAP R"( @mint(ptr, i64) "tessera.import"="1111111111111111/mint"
declare i32 @callback(ptr, i32, )" CAP R"(, i32) "tessera.import"="2222222222222222/0"

define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 0
}
; 0 add(i32, i64) -> (i64 sum with the object's state, double)
define internal { i32, i64, double } @add(ptr %base, i32 %sp, i64 %state, i32 %a, i64 %b) "tessera.export"="1111111111111111/0" {
    %wide = zext i32 %a to i64
    %one = add i64 %wide, %b
    %sum = add i64 %one, %state
    %half = sitofp i64 %sum to double
    %r0 = insertvalue { i32, i64, double } poison, i32 0, 0
    %r1 = insertvalue { i32, i64, double } %r0, i64 %sum, 1
    %r2 = insertvalue { i32, i64, double } %r1, double %half, 2
    ret { i32, i64, double } %r2
}
; 1 make(i64 state) -> object
define internal { i32, )" CAP
    R"( } @make(ptr %base, i32 %sp, i64 %state, i64 %new) "tessera.export"="1111111111111111/1" {
    %o = call )" CAP R"( @mint(ptr %base, i64 %new)
    %r0 = insertvalue { i32, )" CAP R"( } poison, i32 0, 0
    %r1 = insertvalue { i32, )" CAP R"( } %r0, )" CAP R"( %o, 1
    ret { i32, )" CAP R"( } %r1
}
; 2 trap
define internal i32 @trap(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/2" {
    %p = getelementptr i8, ptr %base, i64 16
    %v = load i32, ptr %p, align 1
    ret i32 %v
}
; 3 loop for ever
define internal i32 @loop(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/3" {
    br label %again
again:
    br label %again
}
; 4 call(object of 2222222222222222, i32) -> what that says
define internal i32 @call(ptr %base, i32 %sp, i64 %state, )" CAP R"( %o, i32 %n) "tessera.export"="1111111111111111/4" {
    %r = call i32 @callback(ptr %base, i32 %sp, )" CAP R"( %o, i32 %n)
    ret i32 %r
}
; 5 many arguments: floats, and more whole numbers than registers
define internal { i32, i64 } @many(ptr %base, i32 %sp, i64 %state, i32 %a, i32 %b, i32 %c, i32 %d, double %e, i64 %f, float %g)
    "tessera.export"="1111111111111111/5" {
    %ab = add i32 %a, %b
    %abc = add i32 %ab, %c
    %abcd = add i32 %abc, %d
    %w = zext i32 %abcd to i64
    %ei = call i64 @llvm.fptosi.sat.i64.f64(double %e)
    %gi = call i64 @llvm.fptosi.sat.i64.f32(float %g)
    %s0 = add i64 %w, %ei
    %s1 = add i64 %s0, %f
    %s2 = add i64 %s1, %gi
    %r0 = insertvalue { i32, i64 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64 } %r0, i64 %s2, 1
    ret { i32, i64 } %r1
}
declare i64 @llvm.fptosi.sat.i64.f64(double)
declare i64 @llvm.fptosi.sat.i64.f32(float)
; 13 forward(object of the same interface) -> what its loop says
declare i32 @looped(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/3"
define internal i32 @forward(ptr %base, i32 %sp, i64 %state, )" CAP
    R"( %o) "tessera.export"="1111111111111111/13" {
    %r = call i32 @looped(ptr %base, i32 %sp, )" CAP R"( %o)
    ret i32 %r
}
; 7 last: how many objects it was told of
define internal i32 @told(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/released" {
    %p = getelementptr i8, ptr %base, i64 131072
    %n = load i32, ptr %p, align 1
    %m = add i32 %n, 1
    store i32 %m, ptr %p, align 1
    ret i32 0
}
define internal { i32, i64 } @count(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/7" {
    %p = getelementptr i8, ptr %base, i64 131072
    %n = load i32, ptr %p, align 1
    %w = zext i32 %n to i64
    %r0 = insertvalue { i32, i64 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64 } %r0, i64 %w, 1
    ret { i32, i64 } %r1
}
; 8 sum of the first eight bytes of a slice, which the ninth and following are overwritten with
define internal { i32, i64 } @bytes(ptr %base, i32 %sp, i64 %state, ptr "tessera.rw" %s, i64 %length) "tessera.export"="1111111111111111/8" {
    %enough = icmp uge i64 %length, 16
    br i1 %enough, label %good, label %bad
good:
    %v = load i64, ptr %s, align 1
    %q = getelementptr i8, ptr %s, i64 8
    store i64 %v, ptr %q, align 1
    %r0 = insertvalue { i32, i64 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64 } %r0, i64 %v, 1
    ret { i32, i64 } %r1
bad:
    %e0 = insertvalue { i32, i64 } poison, i32 64, 0
    %e1 = insertvalue { i32, i64 } %e0, i64 %length, 1
    ret { i32, i64 } %e1
}
)";

const std::string kClientDeclarations =
    R"(
declare { i32, i64, double } @add(ptr, i32, )" CAP R"(, i32, i64) "tessera.import"="1111111111111111/0"
declare { i32, )" CAP R"( } @make(ptr, i32, )" CAP R"(, i64) "tessera.import"="1111111111111111/1"
declare i32 @trap(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/2"
declare i32 @loop(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/3"
declare i32 @call(ptr, i32, )" CAP R"(, )" CAP R"(, i32) "tessera.import"="1111111111111111/4"
declare { i32, i64 } @many(ptr, i32, )" CAP
    R"(, i32, i32, i32, i32, double, i64, float) "tessera.import"="1111111111111111/5"
declare i32 @nine(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/9"
declare i32 @six(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/6"
declare i32 @count(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/7"
declare i32 @other(ptr, i32, )" CAP R"(, i32) "tessera.import"="2222222222222222/0"
declare )" CAP R"( @mint(ptr, i64) "tessera.import"="2222222222222222/mint"
declare { ptr, i64 } @lend(ptr, i32, i32) "tessera.import"="tessera_memory/slice" "tessera.result"="rw"
declare { i32, i64 } @bytes(ptr, i32, )" CAP R"(, ptr "tessera.rw", i64) "tessera.import"="1111111111111111/8"
declare )" CAP R"( @tessera.cap_null(ptr)
declare i32 @tessera.cap_is_null(ptr, )" CAP R"()
declare void @tessera.cap_release(ptr, )" CAP R"()
declare i32 @tessera.cap_to_handle(ptr, )" CAP R"()
declare )" CAP R"( @tessera.cap_from_handle(ptr, i32)
declare i32 @tessera.cap_release_handle(ptr, i32)

; A method of the client's own: what it is given, and one more.
define internal i32 @callback(ptr %base, i32 %sp, i64 %state, i32 %n) "tessera.export"="2222222222222222/0" {
    %m = add i32 %n, 1
    ret i32 %m
}
)";

std::vector<TestProgram> with_service(const std::string& body, bool cached = false) {
    TestProgram service{.name = "service", .assembly = kService, .grants = {}, .cached = cached};
    TestProgram client{.name = "client",
                       .assembly = kClientDeclarations +
                                   "define internal i32 @main(ptr %base, i32 %sp, " CAP
                                   " %s) \"tessera.export\"=\"tessera_main\" {\n" +
                                   body + "\n}\n",
                       .grants = {"object service 1111111111111111"},
                       .cached = cached};
    return {client, service};
}

}  // namespace

TEST_CASE("A call goes into another domain and comes back with its results", "[caps][crossing]") {
    for (const bool cached : {false, true}) {
        const auto outcome = run_hosted(with_service(R"(
    %r = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %s, i32 30, i64 12)
    %status = extractvalue { i32, i64, double } %r, 0
    %sum = extractvalue { i32, i64, double } %r, 1
    %half = extractvalue { i32, i64, double } %r, 2
    %i = call i64 @llvm.fptosi.sat.i64.f64(double %half)
    %both = add i64 %i, %sum
    %n = trunc i64 %both to i32
    %all = add i32 %n, %status
    ret i32 %all
}
declare i64 @llvm.fptosi.sat.i64.f64(double)
define internal void @unused(ptr %base) {
    ret void)",
                                                     cached));
        INFO(outcome.errors);
        CHECK(outcome.status == 84);
    }
}

TEST_CASE("Arguments beyond the registers arrive", "[caps][crossing]") {
    const auto outcome = run_hosted(with_service(R"(
    %r = call { i32, i64 } @many(ptr %base, i32 %sp, )" CAP
                                                 R"( %s, i32 1, i32 2, i32 3, i32 4, double 5.0, i64 6, float 7.0)
    %sum = extractvalue { i32, i64 } %r, 1
    %n = trunc i64 %sum to i32
    ret i32 %n)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 28);
}

namespace {

// Eight results, of which registers hold three whole numbers and two floats: they come in memory, and so does the
// status.
const std::string kWideType = "{ i32, i32, i64, " CAP ", double, float, float, i64 }";

// What the numbers of %r come to, and 100 if the capability is null.
const std::string kSum = R"(
    %status = extractvalue )" +
                         kWideType +
                         R"( %r, 0
    %a = extractvalue )" +
                         kWideType +
                         R"( %r, 1
    %b = extractvalue )" +
                         kWideType +
                         R"( %r, 2
    %c = extractvalue )" +
                         kWideType +
                         R"( %r, 3
    %d = extractvalue )" +
                         kWideType +
                         R"( %r, 4
    %e = extractvalue )" +
                         kWideType +
                         R"( %r, 5
    %f = extractvalue )" +
                         kWideType +
                         R"( %r, 6
    %g = extractvalue )" +
                         kWideType +
                         R"( %r, 7
    %di = call i64 @llvm.fptosi.sat.i64.f64(double %d)
    %ei = call i64 @llvm.fptosi.sat.i64.f32(float %e)
    %fi = call i64 @llvm.fptosi.sat.i64.f32(float %f)
    %is_null = call i32 @tessera.cap_is_null(ptr %base, )" CAP R"( %c)
    %s0 = add i64 %b, %di
    %s1 = add i64 %s0, %ei
    %s2 = add i64 %s1, %fi
    %s3 = add i64 %s2, %g
    %t = trunc i64 %s3 to i32
    %s4 = add i32 %t, %a
    %s5 = add i32 %s4, %status
    %n = mul i32 %is_null, 100
    %sum = add i32 %s5, %n)";

std::vector<TestProgram> with_wide_service(const std::string& body) {
    auto programs = with_service(body + R"(
}
declare )" + kWideType +
                                 R"( @wide(ptr, i32, )" CAP R"(, i64, i32, )" CAP
                                 R"(, double, i64) "tessera.import"="1111111111111111/10"
declare )" + kWideType + R"( @wide_trap(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/11"
declare )" + kWideType + R"( @wide_none(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/12"
declare i64 @llvm.fptosi.sat.i64.f64(double)
declare i64 @llvm.fptosi.sat.i64.f32(float)
define internal void @unused(ptr %base) {
    ret void)");
    programs[1].assembly += R"(
declare )" CAP R"( @tessera.cap_null(ptr)
define internal )" + kWideType +
                            R"( @wide(ptr %base, i32 %sp, i64 %state, i64 %a, i32 %b, )" CAP
                            R"( %c, double %d, i64 %e) "tessera.export"="1111111111111111/10" {
    %f = fptrunc double %d to float
    %r0 = insertvalue )" + kWideType +
                            R"( poison, i32 0, 0
    %r1 = insertvalue )" + kWideType +
                            R"( %r0, i32 %b, 1
    %r2 = insertvalue )" + kWideType +
                            R"( %r1, i64 %a, 2
    %r3 = insertvalue )" + kWideType +
                            R"( %r2, )" CAP R"( %c, 3
    %r4 = insertvalue )" + kWideType +
                            R"( %r3, double %d, 4
    %r5 = insertvalue )" + kWideType +
                            R"( %r4, float %f, 5
    %r6 = insertvalue )" + kWideType +
                            R"( %r5, float 7.0, 6
    %r7 = insertvalue )" + kWideType +
                            R"( %r6, i64 %e, 7
    ret )" + kWideType + R"( %r7
}
define internal )" + kWideType +
                            R"( @wide_trap(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/11" {
    %p = getelementptr i8, ptr %base, i64 16
    %v = load i32, ptr %p, align 1
    %null = call )" CAP R"( @tessera.cap_null(ptr %base)
    %r0 = insertvalue )" + kWideType +
                            R"( poison, i32 %v, 0
    %r1 = insertvalue )" + kWideType +
                            R"( %r0, i32 1, 1
    %r2 = insertvalue )" + kWideType +
                            R"( %r1, i64 1, 2
    %r3 = insertvalue )" + kWideType +
                            R"( %r2, )" CAP R"( %null, 3
    %r4 = insertvalue )" + kWideType +
                            R"( %r3, double 1.0, 4
    %r5 = insertvalue )" + kWideType +
                            R"( %r4, float 1.0, 5
    %r6 = insertvalue )" + kWideType +
                            R"( %r5, float 1.0, 6
    %r7 = insertvalue )" + kWideType +
                            R"( %r6, i64 1, 7
    ret )" + kWideType + R"( %r7
})";
    return programs;
}

}  // namespace

TEST_CASE("More results than registers hold arrive, capabilities among them", "[caps][crossing]") {
    const auto outcome = run_hosted(with_wide_service(R"(
    %o = call )" CAP R"( @mint(ptr %base, i64 5)
    %r = call )" + kWideType +
                                                      R"( @wide(ptr %base, i32 %sp, )" CAP R"( %s, i64 1, i32 2, )" CAP
                                                      R"( %o, double 4.0, i64 8))" +
                                                      kSum + R"(
    %said = call i32 @other(ptr %base, i32 %sp, )" CAP R"( %c, i32 15)
    %all = add i32 %sum, %said
    ret i32 %all)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 1 + 2 + 4 + 4 + 7 + 8 + 16);
}

TEST_CASE("Where they should have come from a call that failed they are zeros, and the status says why",
          "[caps][crossing]") {
    const auto status_of = [](const std::string& method, const std::string& object) {
        const auto outcome = run_hosted(with_wide_service(R"(
    %null = call )" CAP R"( @tessera.cap_null(ptr %base)
    %r = call )" + kWideType + " @" + method + R"((ptr %base, i32 %sp, )" CAP " " +
                                                          object + R"())" + kSum + R"(
    ret i32 %sum)"));
        INFO(outcome.errors);
        return outcome.status - 100;  // there is no capability
    };
    CHECK(status_of("wide_trap", "%s") == 7);
    CHECK(status_of("wide_trap", "%null") == 2);
    CHECK(status_of("wide_none", "%s") == 1);
}

TEST_CASE("A call that can't be made gives a status", "[caps][crossing]") {
    const auto status_of = [](const std::string& body) {
        const auto outcome = run_hosted(with_service(body));
        INFO(outcome.errors);
        return outcome.status;
    };
    CHECK(status_of(R"(
    %c = call )" CAP R"( @tessera.cap_null(ptr %base)
    %r = call i32 @trap(ptr %base, i32 %sp, )" CAP R"( %c)
    ret i32 %r)") == 2);
    CHECK(status_of(R"(
    %h = call i32 @tessera.cap_to_handle(ptr %base, )" CAP R"( %s)
    %c = call )" CAP R"( @tessera.cap_from_handle(ptr %base, i32 %h)
    %x = call i32 @tessera.cap_release_handle(ptr %base, i32 %h)
    %r = call i32 @trap(ptr %base, i32 %sp, )" CAP R"( %c)
    ret i32 %r)") == 2);
    CHECK(status_of(R"(
    %r = call i32 @other(ptr %base, i32 %sp, )" CAP R"( %s, i32 1)
    ret i32 %r)") == 3);
    CHECK(status_of(R"(
    %r = call i32 @nine(ptr %base, i32 %sp, )" CAP R"( %s)
    ret i32 %r)") == 1);
    CHECK(status_of(R"(
    %r = call i32 @six(ptr %base, i32 %sp, )" CAP R"( %s)
    ret i32 %r)") == 1);
    CHECK(status_of(R"(
    %r = call i32 @count(ptr %base, i32 %sp, )" CAP R"( %s)
    ret i32 %r)") == 4);
}

TEST_CASE("A callee's trap is its caller's status, and nobody else's end", "[caps][crossing]") {
    const auto outcome = run_hosted(with_service(R"(
    %t = call i32 @trap(ptr %base, i32 %sp, )" CAP R"( %s)
    %r = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %s, i32 30, i64 0)
    %sum = extractvalue { i32, i64, double } %r, 1
    %n = trunc i64 %sum to i32
    %all = add i32 %n, %t
    ret i32 %all)"));
    CHECK(outcome.status == 37);
    CHECK_THAT(outcome.errors,
               Contains("program 'service': a call failed: read of address 0x10 (null pointer) at trap"));
}

TEST_CASE("A callee that never returns is bounded by its caller's time", "[caps][crossing]") {
    auto programs = with_service(R"(
    %r = call i32 @loop(ptr %base, i32 %sp, )" CAP R"( %s)
    ret i32 %r)");
    programs[0].timeout_ms = 200;
    const auto outcome = run_hosted(programs);
    CHECK(outcome.status == 124);
    CHECK_THAT(outcome.errors, Contains("program 'client': ran longer than its time limit"));
}

TEST_CASE("A caller bounds its calls, and goes on", "[caps][crossing]") {
    // In the past already: what has not returned by the next look ends; also where the loop is another domain's callee.
    const auto outcome = run_hosted(with_service(R"(
    %none = call i64 @calls_until(ptr %base, i64 1)
    %late = call i32 @loop(ptr %base, i32 %sp, )" CAP R"( %s)
    %o = call )" CAP R"( @mint(ptr %base, i64 5)
    %inner = call i32 @forward(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %s)
    %one = call i64 @calls_until(ptr %base, i64 -1)
    %r = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %s, i32 30, i64 0)
    %sum = extractvalue { i32, i64, double } %r, 1
    %a = add i64 %sum, %none
    %b = add i64 %a, %one
    %n = trunc i64 %b to i32
    %m = add i32 %n, %late
    %i = mul i32 %inner, 2
    %all = add i32 %m, %i
    ret i32 %all
}
declare i64 @calls_until(ptr, i64) "tessera.import"="tessera_domain/calls_until"
declare i32 @forward(ptr, i32, )" CAP R"(, )" CAP R"() "tessera.import"="1111111111111111/13"
define internal void @unused(ptr %base) {
    ret void)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 10 + 2 * 10 + 30 + 0 + 1);
    CHECK(outcome.errors.empty());
}

TEST_CASE("An object that the caller makes is called back", "[caps][crossing]") {
    const auto outcome = run_hosted(with_service(R"(
    %o = call )" CAP R"( @mint(ptr %base, i64 5)
    %r = call i32 @call(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %o, i32 41)
    ret i32 %r)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 42);
}

// A calls B, which calls A, and so on, until the stack that a callee has to find is no longer there.
TEST_CASE("Calls that go in a circle end with a status", "[caps][crossing]") {
    TestProgram service{.name = "service",
                        .assembly = R"(
declare i32 @back(ptr, i32, )" CAP R"(, )" CAP R"() "tessera.import"="2222222222222222/0"
define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 0
}
define internal i32 @there(ptr %base, i32 %sp, i64 %state, )" CAP R"( %a, )" CAP
                                    R"( %b) "tessera.export"="1111111111111111/0" {
    %r = call i32 @back(ptr %base, i32 %sp, )" CAP R"( %a, )" CAP R"( %b)
    ret i32 %r
})",
                        .grants = {}};
    TestProgram client{.name = "client",
                       .assembly = R"(
declare i32 @there(ptr, i32, )" CAP R"(, )" CAP R"(, )" CAP R"() "tessera.import"="1111111111111111/0"
declare )" CAP R"( @mint(ptr, i64) "tessera.import"="2222222222222222/mint"
define internal i32 @back(ptr %base, i32 %sp, i64 %state, )" CAP R"( %s) "tessera.export"="2222222222222222/0" {
    %o = call )" CAP R"( @mint(ptr %base, i64 1)
    %r = call i32 @there(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %o, )" CAP R"( %s)
    ret i32 %r
}
define internal i32 @main(ptr %base, i32 %sp, )" CAP R"( %s) "tessera.export"="tessera_main" {
    %r = call i32 @back(ptr %base, i32 %sp, i64 0, )" CAP R"( %s)
    ret i32 %r
})",
                       .grants = {"object service 1111111111111111"},
                       .memory_bytes = std::uint64_t{4} << 30U};
    service.memory_bytes = client.memory_bytes;
    const auto deep = run_hosted({client, service});
    INFO(deep.errors);
    CHECK(deep.status == 9);
    // And with little memory, of which each call has an arena's stack.
    client.memory_bytes = std::uint64_t{16} << 20U;
    service.memory_bytes = client.memory_bytes;
    const auto poor = run_hosted({client, service});
    INFO(poor.errors);
    CHECK(poor.status == 8);
    CHECK(poor.errors.empty());
}

TEST_CASE("Objects come back as results, have a state, and their maker hears of their end", "[caps][crossing]") {
    const auto outcome = run_hosted(with_service(R"(
    %m = call { i32, )" CAP R"( } @make(ptr %base, i32 %sp, )" CAP R"( %s, i64 100)
    %o = extractvalue { i32, )" CAP R"( } %m, 1
    %r = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %o, i32 1, i64 1)
    %sum = extractvalue { i32, i64, double } %r, 1
    call void @tessera.cap_release(ptr %base, )" CAP R"( %o)
    call void @tessera.cap_release(ptr %base, )" CAP R"( %o)
    br label %wait
wait:
    %c = call { i32, i64 } @how_many(ptr %base, i32 %sp, )" CAP R"( %s)
    %told = extractvalue { i32, i64 } %c, 1
    %none = icmp eq i64 %told, 0
    br i1 %none, label %wait, label %done
done:
    %all = add i64 %sum, %told
    %gone = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %o, i32 1, i64 1)
    %status = extractvalue { i32, i64, double } %gone, 0
    %n = trunc i64 %all to i32
    %both = add i32 %n, %status
    ret i32 %both
}
declare { i32, i64 } @how_many(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/7"
define internal void @unused(ptr %base) {
    ret void)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 102 + 1 + 2);
}

TEST_CASE("A slice of the caller's memory is read and written by the callee", "[caps][crossing]") {
    const auto outcome = run_hosted(with_service(R"(
    %p = getelementptr i8, ptr %base, i64 131072
    store i64 77, ptr %p, align 1
    %l = call { ptr, i64 } @lend(ptr %base, i32 131072, i32 16)
    %lp = extractvalue { ptr, i64 } %l, 0
    %ll = extractvalue { ptr, i64 } %l, 1
    %r = call { i32, i64 } @bytes(ptr %base, i32 %sp, )" CAP R"( %s, ptr %lp, i64 %ll)
    %v = extractvalue { i32, i64 } %r, 1
    %q = getelementptr i8, ptr %base, i64 131080
    %w = load i64, ptr %q, align 1
    %sum = add i64 %v, %w
    %n = trunc i64 %sum to i32
    ret i32 %n)"));
    INFO(outcome.errors);
    CHECK(outcome.status == 154);
}

TEST_CASE("Who waits for himself, or for nobody, is refused by name", "[caps][crossing]") {
    auto programs = with_service("    ret i32 0");
    programs[1].grants = {"object client 2222222222222222"};
    const auto circle = run_hosted(programs);
    CHECK(circle.status == 126);
    CHECK_THAT(circle.errors, Contains("program 'client' waits for itself"));
    programs[1].grants = {"object nobody 2222222222222222"};
    const auto nobody = run_hosted(programs);
    CHECK(nobody.status == 126);
    CHECK_THAT(nobody.errors, Contains("is granted an object of 'nobody', which the image doesn't have"));
}

TEST_CASE("A service that does not start, or lacks the interface, is said to its users", "[caps][crossing]") {
    auto programs = with_service("    ret i32 0");
    programs[0].grants = {"object service 3333333333333333"};
    const auto lacks = run_hosted(programs);
    CHECK(lacks.status == 126);
    CHECK_THAT(lacks.errors, Contains("which has no method of interface 3333333333333333"));
    programs = with_service("    ret i32 0");
    programs[1].assembly.replace(programs[1].assembly.find("ret i32 0"), 9, "ret i32 1");
    const auto fails = run_hosted(programs);
    CHECK(fails.status == 126);
    CHECK_THAT(fails.errors, Contains("'service', did not start"));
}

// The caller's end comes anywhere: in its own code, in the callee's, on the way. What it was lent and lent goes back,
// and the service goes on for the others.
TEST_CASE("Callers that end at any moment leave their service as it was", "[caps][crossing]") {
    const std::string calls = R"(
    br label %again
again:
    %m = call { i32, )" CAP R"( } @make(ptr %base, i32 %sp, )" CAP R"( %s, i64 7)
    %o = extractvalue { i32, )" CAP R"( } %m, 1
    %c = call )" CAP R"( @mint(ptr %base, i64 5)
    %r = call i32 @call(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %c, i32 41)
    call void @tessera.cap_release(ptr %base, )" CAP R"( %o)
    call void @tessera.cap_release(ptr %base, )" CAP R"( %c)
    br label %again)";
    const auto ends = with_service(calls);
    auto programs = with_service(R"(
    br label %again
again:
    %i = phi i32 [ 0, %0 ], [ %next, %good ]
    %r = call { i32, i64, double } @add(ptr %base, i32 %sp, )" CAP R"( %s, i32 30, i64 12)
    %status = extractvalue { i32, i64, double } %r, 0
    %bad = icmp ne i32 %status, 0
    %next = add i32 %i, 1
    %more = icmp ult i32 %next, 20000000
    br i1 %bad, label %wrong, label %good
good:
    br i1 %more, label %again, label %done
wrong:
    ret i32 %status
done:
    ret i32 77)");
    for (unsigned i = 0; i < 40; ++i) {
        auto user = ends[0];
        user.name = "user" + std::to_string(i);
        user.timeout_ms = 20 + 7 * i;
        programs.push_back(user);
    }
    const auto outcome = run_hosted(programs);
    INFO(outcome.errors);
    CHECK(outcome.status == 77);
    CHECK(outcome.errors.find("program 'service'") == std::string::npos);
    CHECK_THAT(outcome.errors, Contains("program 'user39': ran longer than its time limit"));
}

namespace {

// The service ends with its last user, "client", which has handed its object to "keeper"; there "other" is in a call of
// it by then, `method`, of which the status is the image's. `callee`: what the service calls in its turn.
Outcome end_in_call(const std::string& method) {
    TestProgram service{.name = "service",
                        .assembly = kService + R"(
; 9 what never returns, further in
define internal i32 @further(ptr %base, i32 %sp, i64 %state) "tessera.export"="1111111111111111/9" {
    %p = getelementptr i8, ptr %base, i64 131076
    %h = load i32, ptr %p, align 1
    %k = call )" CAP R"( @tessera.cap_from_handle(ptr %base, i32 %h)
    %r = call i32 @spin(ptr %base, i32 %sp, )" CAP R"( %k)
    ret i32 %r
}
; 10 the object that 9 calls
define internal i32 @learn(ptr %base, i32 %sp, i64 %state, )" CAP R"( %k) "tessera.export"="1111111111111111/10" {
    %h = call i32 @tessera.cap_to_handle(ptr %base, )" CAP R"( %k)
    %p = getelementptr i8, ptr %base, i64 131076
    store i32 %h, ptr %p, align 1
    ret i32 0
}
declare i32 @spin(ptr, i32, )" CAP R"() "tessera.import"="3333333333333333/2"
declare i32 @tessera.cap_to_handle(ptr, )" CAP R"()
declare )" CAP R"( @tessera.cap_from_handle(ptr, i32))",
                        .grants = {}};
    TestProgram keeper{.name = "keeper",
                       .assembly = R"(
declare i32 @tessera.cap_to_handle(ptr, )" CAP R"()
declare )" CAP R"( @tessera.cap_from_handle(ptr, i32)
declare i32 @inside(ptr, i32, )" CAP R"() "tessera.import"="1111111111111111/)" +
                                   method + R"("
define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 0
}
define internal i32 @keep(ptr %base, i32 %sp, i64 %state, )" CAP R"( %s) "tessera.export"="3333333333333333/0" {
    %p = getelementptr i8, ptr %base, i64 131072
    %h = call i32 @tessera.cap_to_handle(ptr %base, )" CAP R"( %s)
    store atomic i32 %h, ptr %p seq_cst, align 4
    br label %again
again:
    %q = getelementptr i8, ptr %base, i64 131076
    %is = load atomic i32, ptr %q seq_cst, align 4
    %no = icmp eq i32 %is, 0
    br i1 %no, label %again, label %done
done:
    ret i32 0
}
define internal i32 @use(ptr %base, i32 %sp, i64 %state) "tessera.export"="3333333333333333/1" {
    br label %again
again:
    %p = getelementptr i8, ptr %base, i64 131072
    %h = load atomic i32, ptr %p seq_cst, align 4
    %none = icmp eq i32 %h, 0
    br i1 %none, label %again, label %call
call:
    %q = getelementptr i8, ptr %base, i64 131076
    store atomic i32 1, ptr %q seq_cst, align 4
    %s = call )" CAP R"( @tessera.cap_from_handle(ptr %base, i32 %h)
    %r = call i32 @inside(ptr %base, i32 %sp, )" CAP R"( %s)
    %r2 = call i32 @inside(ptr %base, i32 %sp, )" CAP R"( %s)
    %m = mul i32 %r2, 10
    %both = add i32 %m, %r
    ret i32 %both
}
define internal i32 @spin(ptr %base, i32 %sp, i64 %state) "tessera.export"="3333333333333333/2" {
    br label %again
again:
    br label %again
})",
                       .grants = {}};
    TestProgram other{.name = "other",
                      .assembly = R"(
declare i32 @use(ptr, i32, )" CAP R"() "tessera.import"="3333333333333333/1"
define internal i32 @main(ptr %base, i32 %sp, )" CAP R"( %k) "tessera.export"="tessera_main" {
    %r = call i32 @use(ptr %base, i32 %sp, )" CAP R"( %k)
    ret i32 %r
})",
                      .grants = {"object keeper 3333333333333333"}};
    TestProgram client{.name = "client",
                       .assembly = R"(
declare i32 @keep(ptr, i32, )" CAP R"(, )" CAP R"() "tessera.import"="3333333333333333/0"
declare i32 @learn(ptr, i32, )" CAP R"(, )" CAP R"() "tessera.import"="1111111111111111/10"
define internal i32 @main(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %k) "tessera.export"="tessera_main" {
    %l = call i32 @learn(ptr %base, i32 %sp, )" CAP R"( %s, )" CAP R"( %k)
    %r = call i32 @keep(ptr %base, i32 %sp, )" CAP R"( %k, )" CAP R"( %s)
    ret i32 %r
})",
                       .grants = {"object service 1111111111111111", "object keeper 3333333333333333"}};
    return run_hosted({other, client, service, keeper});
}

}  // namespace

TEST_CASE("A domain ends in the middle of calls, and its callers get a status", "[caps][crossing]") {
    // Ended, and at the second time there is nothing to call.
    for (const auto* method : {"3", "9"}) {
        const auto outcome = end_in_call(method);
        INFO("method " << method << ": " << outcome.errors);
        CHECK(outcome.status == 26);
        CHECK(outcome.errors.empty());
    }
}
