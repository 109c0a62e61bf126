#include "core/base/assert.h"
#include "test/unit/core/death.h"

#include <catch2/catch.hpp>
#include <csignal>

using tessera::test::death_of;

TEST_CASE("a broken assertion ends the process with its file, its line and its condition", "[core][base]") {
    const auto death = death_of([] {
        const volatile int pages = 3;
        ASSERT(pages == 3);
        ASSERT(pages < 3);
    });
    CHECK(death.signal == SIGABRT);
    CHECK(death.last_words == "tessera: fault of Tessera itself: ASSERT(pages < 3) does not hold "
                              "(test/unit/core/assert_test.cpp:13)\n");
}

TEST_CASE("a broken requirement says that the caller is to blame", "[core][base]") {
    const auto death = death_of([] { REQUIRES(std::string("a, b").empty()); });
    CHECK(death.signal == SIGABRT);
    CHECK(death.last_words.find("REQUIRES(std::string(\"a, b\").empty()) does not hold") != std::string::npos);
}

TEST_CASE("a condition is asked once, in every build", "[core][base]") {
    int asked = 0;
    ASSERT(++asked == 1);
    CHECK(asked == 1);
}

TEST_CASE("a condition may have commas, and stand in a constant expression", "[core][base]") {
    constexpr auto half = [](int of) {
        REQUIRES(of % 2 == 0);
        return of / 2;
    };
    static_assert(half(8) == 4);
    ASSERT(std::pair<int, int>(1, 2).second == 2);
    CHECK(half(6) == 3);
}
