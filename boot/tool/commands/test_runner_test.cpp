#include "boot/tool/commands/test_runner.h"

#include <catch2/catch.hpp>

using namespace tessera::tool;

TEST_CASE("what may take longest is started first", "[boot][tool]") {
    std::vector<TestProgram> programs(3);
    programs[0].name = "a";
    programs[1].name = "b";
    programs[1].timeout_s = 900;
    programs[2].name = "c";
    put_longest_first(programs);
    CHECK(programs[0].name == "b");
    CHECK(programs[1].name == "a");
    CHECK(programs[2].name == "c");
}

TEST_CASE("a test hangs when it takes far longer than was guessed, not when a machine is slow", "[boot][tool]") {
    TestProgram program;
    for (const double guess : {1.0, 30.0, 120.0, 1200.0}) {
        program.timeout_s = guess;
        CHECK(program.hangs_after_s() >= 2 * guess);
        CHECK(program.hangs_after_s() >= 900);
    }
}

TEST_CASE("what took longest is named first, and all is summed up", "[boot][tool]") {
    CHECK(table_of_times({{"build", 2, 3.5}, {"qemu/machine", 61.25, 70}}) ==
          "what took how long                                 seconds   processor\n"
          "qemu/machine                                          61.2        70.0\n"
          "build                                                  2.0         3.5\n"
          "all, one after the other                              63.2        73.5\n");
}

TEST_CASE("what a test program says of itself is counted", "[boot][image]") {
    const auto is = [](const std::string& output, int status, unsigned passed, unsigned failed) {
        const Count count = count_results(output, status);
        return count.passed == passed && count.failed == failed;
    };
    CHECK(is("All tests passed (12 assertions in 3 test cases)\n", 0, 3, 0));
    CHECK(is("All tests passed (1 assertion in 1 test case)\n", 0, 1, 0));
    CHECK(is("test cases:  5 |  4 passed | 1 failed\nassertions: 9 | 8 passed | 1 failed\n", 1, 4, 1));
    CHECK(is("test cases: 2 | 2 failed\n", 2, 0, 2));
    CHECK(is("x\n7 passed, 2 failed\n", 1, 7, 2));
    CHECK(is("anything", 0, 1, 0));
    CHECK(is("anything", 139, 0, 1));
    CHECK(is("All tests passed (1 assertion in 1 test case)\n", 134, 1, 1));  // crashed at exit
    CHECK(is("No test cases matched '*x*'\nNo tests ran\n", 0, 0, 0));
}
