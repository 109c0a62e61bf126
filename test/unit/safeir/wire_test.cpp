// The wire form there and back: what the reader makes of each operation, and that nothing cut short is taken.
#include "safeir/check/checked_module.h"
#include "safeir/inspect/assembly.h"
#include "test/hostile/corpus.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace tessera;

// A function body in lowered form as the reader's module, printed.
std::string canonical(std::string_view body, std::string_view parameters = "i32 %x, i32 %y") {
    const auto sir = safeir::assemble(fmt::format("define internal i32 @f(ptr %base, {}) {{\n{}\n}}\n"
                                                  "declare i32 @llvm.ctlz.i32(i32, i1)\ndeclare void @llvm.trap()\n",
                                                  parameters,
                                                  body),
                                      "test");
    if (!sir) {
        FAIL(sir.error().text);
    }
    CHECK(safeir::check_program(*sir));
    auto text = safeir::disassemble(*sir);
    REQUIRE(text);
    return *text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<hostile::Case> accepted_cases() {
    auto cases = hostile::load_corpus(TESSERA_SOURCE_ROOT "/test/hostile");
    REQUIRE(cases);
    std::erase_if(*cases,
                  [](const hostile::Case& each) { return !each.rule.empty() || each.form == hostile::Form::Checked; });
    return *cases;
}

}  // namespace

TEST_CASE("every operation comes out defined") {
    SECTION("flags are gone") {
        const std::string text = canonical("  %a = add nuw nsw i32 %x, 1\n  %b = or disjoint i32 %a, 1\n  ret i32 %b");
        CHECK(has(text, "add i32"));
        CHECK(has(text, "or i32"));
        CHECK_FALSE(has(text, "nuw"));
        CHECK_FALSE(has(text, "disjoint"));
    }
    SECTION("a shift's amount is masked, unless it is a constant in range") {
        CHECK(has(canonical("  %a = shl i32 %x, %y\n  ret i32 %a"), ", 31\n"));
        CHECK_FALSE(has(canonical("  %a = shl i32 %x, 3\n  ret i32 %a"), "and i32"));
        CHECK(has(canonical("  %a = lshr i32 %x, 40\n  ret i32 %a"), "and i32 40, 31"));
    }
    SECTION("a division traps at zero, and a signed one gives MIN for MIN / -1") {
        const std::string text = canonical("  %a = sdiv i32 %x, %y\n  ret i32 %a");
        CHECK(has(text, "icmp eq i32 %2, 0"));
        CHECK(has(text, "ubsantrap(i8 2)"));
        CHECK(has(text, "icmp eq i32 %2, -1"));
        CHECK(has(text, "icmp eq i32 %1, -2147483648"));
        CHECK_FALSE(has(canonical("  %a = udiv i32 %x, 7\n  ret i32 %a"), "br i1"));
        CHECK(has(canonical("  %a = sdiv i32 %x, -1\n  ret i32 %a"), "br i1"));
    }
    SECTION("float to integer is frozen, and saturates where it is narrow") {
        const std::string parameters = "double %d";
        CHECK(has(canonical("  %a = fptosi double %d to i32\n  ret i32 %a", parameters), "freeze i32"));
        CHECK(has(canonical("  %a = fptosi double %d to i8\n  %b = zext i8 %a to i32\n  ret i32 %b", parameters),
                  "llvm.fptosi.sat.i8.f64"));
    }
    SECTION("a lane index is masked") {
        CHECK(has(canonical("  %a = extractelement <4 x i32> %v, i32 %i\n  ret i32 %a", "<4 x i32> %v, i32 %i"),
                  ", 3\n"));
    }
    SECTION("accesses have alignment 1, atomics their own and a masked offset") {
        const std::string address = "  %z = zext i32 %x to i64\n  %p = getelementptr inbounds i8, ptr %base, i64 %z\n";
        CHECK(has(canonical(address + "  %v = load volatile i32, ptr %p, align 4\n  ret i32 %v"),
                  "load i32, ptr %5, align 1"));
        const std::string atomic = canonical(address + "  %v = load atomic i32, ptr %p seq_cst, align 4\n  ret i32 %v");
        CHECK(has(atomic, ", -4\n"));
        CHECK(has(atomic, "seq_cst, align 4"));
    }
    SECTION("undef is zero, and poison bits are false") {
        CHECK(has(canonical("  %a = add i32 %x, undef\n  ret i32 %a"), "add i32 %1, 0"));
        CHECK(has(canonical("  %a = call i32 @llvm.ctlz.i32(i32 %x, i1 true)\n  ret i32 %a"), "i1 false"));
    }
    SECTION("a frame is zeroed") {
        CHECK(has(canonical("  %a = alloca [8 x i8]\n  %v = load i32, ptr %a\n  ret i32 %v"),
                  "memset.p0.i64(ptr align 16 %4, i8 0, i64 8"));
    }
    SECTION("ends without a way on are traps") {
        CHECK(has(canonical("  unreachable"), "ubsantrap(i8 1)"));
        CHECK(has(canonical("  call void @llvm.trap()\n  ret i32 0"), "ubsantrap(i8 3)"));
    }
}

TEST_CASE("the checked form can be written and read again") {
    for (const hostile::Case& each : accepted_cases()) {
        DYNAMIC_SECTION(each.name) {
            const auto sir = hostile::sir_of(each);
            REQUIRE(sir);
            const auto text = safeir::disassemble(*sir);
            REQUIRE(text);
            // The zeroing of frames and the functions that fill tables are the reader's alone: the wire form has no way
            // to say them.
            if (text->find("llvm.memset") != std::string::npos || text->find("tessera.trap.") != std::string::npos) {
                continue;
            }
            const auto again = safeir::assemble(*text, each.name);
            if (!again) {
                FAIL(again.error().text);
            }
            const auto checked = safeir::check_program(*again);
            INFO((checked ? std::string() : checked.error().text));
            CHECK(checked);
        }
    }
}

TEST_CASE("a switch of more cases than the form has becomes several") {
    std::string body = "  switch i32 %x, label %other [\n";
    std::string phi = "  %r = phi i32 [ 7, %other ]";
    for (int i = 0; i < 3000; ++i) {
        body += fmt::format("    i32 {}, label %{}\n", (i * 7919) % 3000, i % 3 == 0 ? "all" : "some");
        phi += i % 3 == 0 ? ", [ %y, %0 ]" : "";
    }
    const std::string text =
        canonical(body + "  ]\nother:\n  br label %all\nsome:\n  br label %other\nall:\n" + phi + "\n  ret i32 %r");
    std::size_t switches = 0;
    for (auto at = text.find("switch i32"); at != std::string::npos; at = text.find("switch i32", at + 1)) {
        ++switches;
    }
    CHECK(switches == 4);
    CHECK(has(text, "icmp ult i32 %1, 1500"));
}

TEST_CASE("no part of a program is a program") {
    for (const hostile::Case& each : accepted_cases()) {
        auto sir = *hostile::sir_of(each);
        const std::size_t step = 1 + sir.size() / 2000;
        for (std::size_t size = 0; size < sir.size(); size += step) {
            std::vector<std::byte> part(sir.begin(), sir.begin() + static_cast<std::ptrdiff_t>(size));
            for (std::size_t i = 0; i < 8 && part.size() >= 16; ++i) {
                part[8 + i] = static_cast<std::byte>(size >> (8 * i));
            }
            const auto checked = safeir::check_program(part);
            if (checked || !checked.error().text.starts_with("SIR")) {
                INFO(each.name << ", the first " << size << " bytes");
                CHECK(false);
            }
        }
    }
}
