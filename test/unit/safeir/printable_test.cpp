// What a program's author called things reaches consoles and logs: as text, and never as an order to the terminal.
#include "core/base/printable.h"
#include "safeir/check/checked_module.h"
#include "test/hostile/wire_text.h"

#include "llvm/IR/Module.h"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("text stays as it is", "[core][base]") {
    for (const std::string_view text :
         {"", "main", "a<b>(c) \"~", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x90\x9A", "\xC2\xA0"}) {
        CHECK(printable(text) == text);
    }
}

TEST_CASE("controls become question marks, those of one byte and of two", "[core][base]") {
    for (unsigned code = 0; code < 0xA0; ++code) {
        const bool is_control = code < 0x20 || code >= 0x7F;
        const std::string alone =
            code < 0x80 ? std::string(1, static_cast<char>(code)) : std::string{'\xC2', static_cast<char>(code)};
        CHECK(printable("a" + alone + "b") == (is_control ? "a?b" : "a" + alone + "b"));
    }
    CHECK(printable("\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8") == "???");
}

TEST_CASE("what is no UTF-8 becomes question marks", "[core][base]") {
    CHECK(printable("\x9B[2J") == "?[2J");  // the control sequence introducer, to a terminal of Latin-1
    for (const std::string_view text : {"\xC2",
                                        "\xC0\x9B",
                                        "\xE0\x82\x9B",
                                        "\xED\xA0\x80",
                                        "\xF0\x80\x82\x9B",
                                        "\xF4\x90\x80\x80",
                                        "\xFF",
                                        "\xE2\x82"}) {
        const std::string shown = printable(text);
        CHECK(shown.find_first_not_of('?') == std::string::npos);
        CHECK(shown.size() <= text.size());
    }
    CHECK(printable("\xC2z") == "?z");
}

TEST_CASE("shortened text ends with a whole character", "[core][base]") {
    CHECK(whole_characters("abc", 3) == "abc");
    CHECK(whole_characters("abcd", 3) == "abc");
    CHECK(whole_characters("ab\xE2\x82\xAC", 3) == "ab");
    CHECK(whole_characters("ab\xE2\x82\xAC", 4) == "ab");
    CHECK(whole_characters("ab\xE2\x82\xAC", 5) == "ab\xE2\x82\xAC");
    CHECK(whole_characters("\x80\x80\x80", 1).empty());
}

TEST_CASE("a program's names are printable once they are read", "[safeir][read]") {
    const auto sir = hostile::wire_from_text(R"(
header
1  9 $66 $c2 $9b $9b $1b $c3 $a4 $ff $67      ; a name
0 0 1 void 0 0 0 0                            ; types, constants, signatures, imports, scopes, locations
1 0 0 0 0                                     ; a function
0 0                                           ; tables
0x40000 0x100000000 0x20000 0x10000 0 0       ; arena image
{ 1 ret_void })");
    REQUIRE(sir);
    const auto checked = safeir::check_program(*sir);
    INFO((checked ? std::string() : checked.error().text));
    REQUIRE(checked);
    CHECK(checked->module().getFunction("f???\xC3\xA4?g") != nullptr);
}
