#include "safeir/write/shown_name.h"

#include <catch2/catch.hpp>

using tessera::safeir::shown_name;

TEST_CASE("Names are shown as their language writes them, without parameters", "[safeir][write]") {
    CHECK(shown_name("", "main") == "main");
    CHECK(shown_name("qsort", "") == "qsort");
    CHECK(shown_name("__main_argc_argv", "main") == "main");
    CHECK(shown_name("_ZN6shapes5StackIiE3sumEPi", "sum") == "shapes::Stack<int>::sum");
    CHECK(shown_name("_ZSt9terminatev", "") == "std::terminate");
    CHECK(shown_name("_RNvNtCsjrHSEGnQ3l9_3std9panicking15panic_with_hook", "panic_with_hook") ==
          "std::panicking::panic_with_hook");
}

TEST_CASE("Rust's older mangling is shown without hash and escapes", "[safeir][write]") {
    CHECK(shown_name("_ZN38_$LT$t..Square$u20$as$u20$t..Shape$GT$4area17ha4bf0eb01441d853E", "area") ==
          "<t::Square as t::Shape>::area");
    CHECK(shown_name("_ZN1t5total28_$u7b$$u7b$closure$u7d$$u7d$17h476f4422931298bdE", "{closure#0}") ==
          "t::total::{{closure}}");
    CHECK(shown_name("_ZN1t5hello5worldE", "world") == "t::hello::world");
}

TEST_CASE("A name that would fill lines is shown without its type arguments", "[safeir][write]") {
    const std::string argument(300, 'T');
    CHECK(shown_name("", "fold<" + argument + ">") == "fold");
    CHECK(shown_name("_Z3sumI301T" + argument + "Evv", "sum<T" + argument + ">") == "sum");
    CHECK(shown_name("", "operator<") == "operator<");
    CHECK(shown_name("", "operator<< <" + argument + ">").starts_with("operator<<"));
}
