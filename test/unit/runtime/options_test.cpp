#include "boot/bundle/command_line.h"
#include "boot/system/options.h"

#include <catch2/catch.hpp>
#include <random>

using tessera::bundle::kernel_word;
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

TEST_CASE("Any bytes come back from the command line as they were given", "[boot][options]") {
    std::mt19937 random(1);
    const auto up_to = [&](unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random); };
    const std::string special = "\"'\\ \t\n=-$`";
    for (unsigned trial = 0; trial < 5000; ++trial) {
        std::vector<std::string> words(up_to(4));
        std::string line = "no-cache --";
        for (std::string& word : words) {
            for (unsigned left = up_to(12); left > 0; --left) {
                word += up_to(1) != 0 ? special[up_to(static_cast<unsigned>(special.size()) - 1)]
                                      : static_cast<char>(up_to(255));
            }
            line += " " + kernel_word(word);
        }
        INFO(line);
        const auto options = parse_options(line);
        REQUIRE(options);
        REQUIRE(options->args);
        REQUIRE(*options->args == words);
    }
}
