// Interfaces that are described, and calls that travel as messages.
#include "test/unit/runtime/described.h"
#include "test/unit/runtime/hosted_run.h"

#include <catch2/catch.hpp>

using namespace tessera::test;
using namespace tessera::caps;
using Catch::Contains;

namespace {

#define CAP R"(target("tessera.cap"))"

constexpr std::uint64_t kAdder = 0x9111111111111111;

Described adder(form::FieldKind first) {
    return {kAdder, "Adder", {{"add", {{first}, {form::kUInt64}}, {{form::kUInt64}}}}};
}

// Has method 0 of the interface, and describes it so.
TestProgram adder_program(const std::string& description) {
    return {.name = "service",
            .assembly = description + R"(
define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
    ret i32 42
}
define internal { i32, i64 } @add(ptr %base, i32 %sp, i64 %state, i32 %a, i64 %b) "tessera.export"="9111111111111111/0" {
    %wide = zext i32 %a to i64
    %sum = add i64 %wide, %b
    %r0 = insertvalue { i32, i64 } poison, i32 0, 0
    %r1 = insertvalue { i32, i64 } %r0, i64 %sum, 1
    ret { i32, i64 } %r1
}
)",
            .grants = {}};
}

}  // namespace

TEST_CASE("A program whose description agrees with its code is run", "[caps][message]") {
    for (const bool cached : {false, true}) {
        auto program = adder_program(adder(form::kInt32).table("d"));
        program.cached = cached;
        const auto outcome = run_hosted({program});
        INFO(outcome.errors);
        CHECK(outcome.status == 42);
    }
}

TEST_CASE("A program whose description disagrees with its code is refused by the method's name", "[caps][message]") {
    const auto errors_of = [](const std::string& description) {
        const auto outcome = run_hosted({adder_program(description)});
        CHECK(outcome.status == 126);
        return outcome.errors;
    };
    CHECK_THAT(errors_of(adder(form::kUInt64).table("d")),
               Contains("interface Adder, method add: the program's description says ll>l, its code il>l"));
    CHECK_THAT(errors_of(Described(kAdder, "Adder", {}).table("d")),
               Contains("interface Adder has no method 0 by the program's own description"));
    CHECK_THAT(errors_of(adder(form::kInt32).table("d") + adder(form::kInt32).table("e")),
               Contains("interface Adder is described twice"));
    CHECK_THAT(errors_of(R"(@d = internal constant [18 x i8] c"tessera.interfaceT")"),
               Contains("the description of an interface can't be read: it ends too soon"));
}
