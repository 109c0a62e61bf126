#include "boot/tool/base/text.h"

#include <catch2/catch.hpp>

using namespace tessera::tool;

TEST_CASE("sizes and times are read with their units", "[boot][image]") {
    CHECK(parse_size("64 MiB") == 64ULL << 20U);
    CHECK(parse_size("512KiB") == 512ULL << 10U);
    CHECK(parse_size("1.5 GiB") == 3ULL << 29U);
    CHECK(parse_size("4096") == 4096);
    for (const char* wrong : {"", "lots", "-1 MiB", "1 MB", "1 MiB x", "nan", "inf", "1e300 GiB"}) {
        CHECK_FALSE(parse_size(wrong));
    }
    CHECK(parse_duration("5 s") == std::chrono::milliseconds(5000));
    CHECK(parse_duration("250ms") == std::chrono::milliseconds(250));
    CHECK(parse_duration("2 min") == std::chrono::minutes(2));
    for (const char* wrong : {"", "5", "0 s", "-1 s", "1 h", "soon"}) {
        CHECK_FALSE(parse_duration(wrong));
    }
}

TEST_CASE("the nearest word is suggested, a far one is not", "[boot][image]") {
    const std::string_view words[] = {"console", "clock", "random"};
    CHECK(closest("consoel", words) == "console");
    CHECK(closest("clocks", words) == "clock");
    CHECK_FALSE(closest("network", words));
}

TEST_CASE("file patterns match like a shell's", "[boot][image]") {
    CHECK(matches_pattern("*.c", "a.c"));
    CHECK(matches_pattern("inf*.c", "inftrees.c"));
    CHECK(matches_pattern("a?c", "abc"));
    CHECK_FALSE(matches_pattern("*.c", "a.cc"));
    CHECK_FALSE(matches_pattern("a?c", "ac"));
    CHECK_FALSE(matches_pattern("********************x", std::string(5000, 'a')));
}

TEST_CASE("words are quoted for the shell only where they have to be", "[boot][image]") {
    CHECK(shell_quote("plain-word") == "plain-word");
    CHECK(shell_quote("two words") == "'two words'");
    CHECK(shell_quote("it's") == "'it'\\''s'");
    CHECK(shell_quote("") == "''");
}
