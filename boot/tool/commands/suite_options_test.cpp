#include "boot/tool/base/files.h"
#include "boot/tool/commands/suite_options.h"

#include <catch2/catch.hpp>

using namespace tessera::tool;

TEST_CASE("a suite's words are files, our own options, and the compiler's", "[boot][image]") {
    const auto options = parse_suite_words({"--suite",
                                            "-O2",
                                            "a.c",
                                            "-D",
                                            "X=1",
                                            "-DY",
                                            "-std=c11",
                                            "b.c",
                                            "-j",
                                            "3",
                                            "--timeout",
                                            "2",
                                            "--json=out",
                                            "-I",
                                            "include",
                                            "-w"});
    REQUIRE(options);
    CHECK(options->files == std::vector<std::filesystem::path>{"a.c", "b.c"});
    CHECK(options->compiler == std::vector<std::string>{"-O2", "-D", "X=1", "-DY", "-std=c11", "-I", "include", "-w"});
    CHECK(options->jobs == 3);
    CHECK(options->timeout == std::chrono::seconds(2));
    CHECK(options->json == "out");
}

TEST_CASE("a suite's lists and folders stand for what they name", "[boot][image]") {
    auto scratch = ScratchFolder::create();
    REQUIRE(scratch);
    const auto& folder = scratch->path();
    REQUIRE(make_folder(folder / "set" / "inner"));
    for (const char* name : {"set/b.c", "set/a.c", "set/inner/c.c", "set/notes.txt"}) {
        REQUIRE(write_file(folder / name, "x"));
    }
    REQUIRE(write_file(folder / "list", "-O1 one.c\n" + (folder / "set").string() + "\n"));
    const auto options = parse_suite_words({"--suite", "@" + (folder / "list").string()});
    REQUIRE(options);
    CHECK(options->compiler == std::vector<std::string>{"-O1"});
    CHECK(options->files == std::vector<std::filesystem::path>{
                                "one.c", folder / "set/a.c", folder / "set/b.c", folder / "set/inner/c.c"});
}

TEST_CASE("a suite's wrong words are named", "[boot][image]") {
    CHECK(!parse_suite_words({"--suite", "-j", "many"}));
    CHECK(!parse_suite_words({"--suite", "-j"}));
    CHECK(!parse_suite_words({"--suite", "--timeout", "soon"}));
    CHECK(!parse_suite_words({"--suite", "@/nowhere/list"}));
    auto scratch = ScratchFolder::create();
    REQUIRE(scratch);
    const std::string self = (scratch->path() / "self").string();
    REQUIRE(write_file(self, "@" + self));
    CHECK(!parse_suite_words({"--suite", "@" + self}));
}
