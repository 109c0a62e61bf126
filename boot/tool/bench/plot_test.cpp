#include "boot/tool/bench/plot.h"

#include <catch2/catch.hpp>

using namespace tessera::tool;

TEST_CASE("a plot has a line for each kernel, the slowest for the first engine on top, and a dot for each engine",
          "[boot][image]") {
    const std::string svg = plot_svg({{"us/fast", 1, "ms", "native", 2},
                                      {"us/slow<er", 3, "ms", "native", 2},
                                      {"us/geometric mean of 2", 0.87, "ratio", "native", 1},
                                      {"them/fast", 1, "ms", "native", 1}},
                                     "a & b");
    const auto slow = svg.find(">slow&lt;er<");
    const auto fast = svg.find(">fast<");
    REQUIRE(slow != std::string::npos);
    REQUIRE(fast != std::string::npos);
    CHECK(slow < fast);
    CHECK(svg.find("a &amp; b") != std::string::npos);
    CHECK(svg.find("us: mean 0.87") != std::string::npos);
    // Two in the legend, one line with one dot, one with two.
    std::size_t dots = 0;
    for (auto at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1)) {
        ++dots;
    }
    CHECK(dots == 5);
}

TEST_CASE("a legend that is too long for one line takes more", "[boot][image]") {
    std::vector<BenchRow> rows;
    for (const char* engine :
         {"one engine with a long name", "another engine with a long name", "a third with a long name"}) {
        rows.push_back({std::string(engine) + "/kernel", 1, "ms", "native", 1});
        rows.push_back({std::string(engine) + "/mean", 1, "ratio", "native", 1});
    }
    const std::string svg = plot_svg(rows, "title");
    CHECK(svg.find("y=\"42\">one engine with a long name: mean 1.00") != std::string::npos);
    CHECK(svg.find("x=\"22\" y=\"56\">a third with a long name: mean 1.00") != std::string::npos);
}
