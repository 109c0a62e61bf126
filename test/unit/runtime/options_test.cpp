#include "boot/system/options.h"

#include <catch2/catch.hpp>

using tessera::system::parse_options;

TEST_CASE("The command line's words mean what the document says", "[boot][options]") {
    const auto options =
        parse_options("console=ttyS0 timeout=250ms --no-cache trace=boot cpus=3 env:A=b=c -- x \"y z\" 'q\"' \"\\\"\"");
    REQUIRE(options);
    CHECK(options->timeout == std::chrono::milliseconds(250));
    CHECK(options->no_cache);
    CHECK(options->trace_boot);
    CHECK_FALSE(options->verbose);
    CHECK(options->cpus_max == 3);
    CHECK(options->env == std::vector<std::pair<std::string, std::string>>{{"A", "b=c"}});
    REQUIRE(options->args);
    CHECK(*options->args == std::vector<std::string>{"x", "y z", "q\"", "\""});
}

TEST_CASE("A wrong value on the command line is an error", "[boot][options]") {
    CHECK_FALSE(parse_options("timeout=soon"));
    CHECK_FALSE(parse_options("cpus=many"));
    CHECK(parse_options("")->args == std::nullopt);
}
