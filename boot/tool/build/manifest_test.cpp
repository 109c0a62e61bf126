#include "boot/tool/base/files.h"
#include "boot/tool/build/manifest.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace tessera::tool;

namespace {

tessera::Result<Manifest> parse(std::string_view text) {
    return parse_manifest(text, "tessera.toml", "/tmp", {"/t/tessera", "/t/packages"});
}

std::string complaint(std::string_view text) {
    const auto manifest = parse(text);
    return manifest ? "accepted" : manifest.error().text;
}

constexpr const char* kProgram = "[[program]]\nname = \"a\"\nsources = [\"a.c\"]\n";

}  // namespace

TEST_CASE("a manifest's tests are read, and what is wrong with them is said", "[boot][image]") {
    const std::string program = kProgram;
    const auto manifest = parse(program + "[[test]]\n[[test]]\nname = \"two\"\nargs = [\"x\"]\noutput = \"hi\\n\"\n"
                                          "status = 3\ntimeout = \"5 s\"\n");
    REQUIRE(manifest);
    REQUIRE(manifest->tests.size() == 2);
    CHECK(manifest->tests[0].name == "test 1");
    CHECK_FALSE(manifest->tests[0].args);
    CHECK_FALSE(manifest->tests[0].output);
    CHECK(manifest->tests[1].args == std::vector<std::string>{"x"});
    CHECK(manifest->tests[1].output == "hi\n");
    CHECK(manifest->tests[1].status == 3);
    CHECK(manifest->tests[1].timeout == std::chrono::seconds(5));
    CHECK(complaint(program + "[[test]]\nstatus = 256\n") ==
          "tessera.toml:5: test[0].status: expected a number from 0 to 255, found an integer");
    CHECK(complaint(program + "[[test]]\noutptu = \"\"\n") ==
          "tessera.toml:5: test[0].outptu: unknown key; did you mean \"output\"?");
    CHECK(complaint(program + "[test]\nstatus = 0\n") ==
          "tessera.toml:4: test: expected tables: [[test]], found a table");
}

TEST_CASE("modules are built, and granted all or by name", "[boot][image]") {
    const std::string modules =
        "[[module]]\nname = \"m\"\nsources = [\"m.c\"]\n[[module]]\nname = \"n\"\nfile = \"n.sir\"\n";
    const auto manifest = parse(std::string(kProgram) + "grants = [\"modules:/all\", \"modules:/one=n\"]\n" + modules);
    REQUIRE(manifest);
    REQUIRE(manifest->modules.size() == 2);
    CHECK(manifest->modules[0].sources == std::vector<std::string>{"m.c"});
    CHECK(manifest->modules[1].file == "n.sir");
    const std::vector<Grant>& grants = manifest->programs[0].grants;
    CHECK(grants[0].guest_path == "/all");
    CHECK(grants[0].modules == std::vector<std::string>{"m", "n"});
    CHECK(grants[1].modules == std::vector<std::string>{"n"});
    CHECK(complaint(std::string(kProgram) + "grants = [\"modules:/x\"]\n") ==
          "tessera.toml:4: program[0].grants[0]: expected modules in this file: [[module]], found \"modules:/x\"");
    CHECK(complaint(std::string(kProgram) + "grants = [\"modules:/x=m,o\"]\n" + modules) ==
          "tessera.toml:4: program[0].grants[0]: expected modules of this file ([[module]]; \"o\" is none), found "
          "\"modules:/x=m,o\"");
    CHECK(complaint(std::string(kProgram) + "grants = [\"modules:x\"]\n" + modules) ==
          "tessera.toml:4: program[0].grants[0]: expected \"modules:/where\" or \"modules:/where=one,two\", found "
          "\"modules:x\"");
    CHECK(complaint(std::string(kProgram) + "[[module]]\nname = \"a\"\nsources = [\"m.c\"]\n") ==
          "tessera.toml:2: program[0].name: expected a name that no other program has, found \"a\"");
    CHECK(complaint(std::string(kProgram) + "[[module]]\nname = \"m\"\nsources = [\"m.c\"]\ngrants = []\n") ==
          "tessera.toml:7: module[0].grants: unknown key; known here: name, sources, exclude, cflags, schemas, file, "
          "package, build");
}

TEST_CASE("a manifest that includes another one has its programs, and says where something is wrong", "[boot][image]") {
    auto scratch = ScratchFolder::create();
    REQUIRE(scratch);
    const auto write = [&](const char* name, const std::string& text) {
        REQUIRE(write_file(scratch->path() / name, text));
    };
    const auto load = [&](const char* name) {
        return load_manifest(scratch->path() / name, {"/t/tessera", "/t/packages"});
    };
    const std::string a = "[[program]]\nname = \"a\"\nsources = [\"a.c\"]\ngrants = [\"console\"]\n";
    write("tessera.toml", "[image]\nname = \"shop\"\ncpus = 2\n" + a + "[[test]]\n");
    write("logged.toml",
          "include = \"tessera.toml\"\n[[program]]\nname = \"log\"\nsources = [\"log.c\"]\n"
          "[[interpose]]\nprogram = \"a\"\ngrant = \"console\"\nby = \"log\"\n");
    const auto logged = load("logged.toml");
    REQUIRE(logged);
    CHECK(logged->name == "shop-logged");
    CHECK(logged->products == "shop");
    CHECK(logged->cpus == 2U);
    CHECK(logged->tests.empty());
    REQUIRE(logged->programs.size() == 2);
    CHECK(logged->programs[0].grants[0].interposed == std::vector<std::string>{"log"});
    CHECK(load("tessera.toml")->products == "shop");

    const auto fault = [&](const std::string& text) {
        write("x.toml", text);
        const auto manifest = load("x.toml");
        return manifest ? "accepted" : manifest.error().text.substr(scratch->path().string().size() + 1);
    };
    CHECK(fault("include = \"none.toml\"\n") ==
          "x.toml:1: include: expected the name of another manifest in the same folder, found \"none.toml\"");
    CHECK(fault("include = \"../x.toml\"\n").starts_with("x.toml:1: include: expected the name of another manifest"));
    CHECK(fault("include = \"x.toml\"\n") ==
          "x.toml:1: include: expected a file that does not come back to this one, found \"x.toml\"");
    CHECK(fault("include = \"tessera.toml\"\n" + a) ==
          "x.toml:3: program[0].name: expected a name that no other program has, found \"a\"");
    write("wrong.toml", "\n[[program]]\nname = \"b\"\n");
    CHECK(fault("include = \"wrong.toml\"\n") ==
          "wrong.toml:2: program[0].sources: expected either \"sources\" or \"file\", found neither");
    write("wrong.toml", "\n[[program\n");
    CHECK(fault("include = \"wrong.toml\"\n").starts_with("wrong.toml:2: "));
}

TEST_CASE("a whole manifest is read as written", "[boot][image]") {
    const auto manifest = parse(R"(
[image]
name = "shop"
memory = "256 MiB"
cpus = 2
[[program]]
name = "front"
package = "zlib"
sources = ["main.c", "${package}/*.c"]
exclude = ["${package}/gz*.c"]
cflags = ["-O2"]
args = ["x", "y z"]
env = { LANG = "C" }
grants = ["console", "clock", "dir:/data=."]
memory = "64 MiB"
timeout = "5 s"
[[program]]
name = "back"
file = "back.sir"
build = ["make"]
grants = ["dir:/made=${build}/out"]
)");
    REQUIRE(manifest);
    CHECK(manifest->name == "shop");
    CHECK(manifest->cpus == 2U);
    REQUIRE(manifest->programs.size() == 2);
    const ProgramSpec& front = manifest->programs[0];
    CHECK(front.sources == std::vector<std::string>{"main.c", "/t/packages/zlib/*.c"});
    CHECK(front.env == std::vector<std::pair<std::string, std::string>>{{"LANG", "C"}});
    REQUIRE(front.grants.size() == 3);
    CHECK(front.grants[2].guest_path == "/data");
    CHECK(front.memory_bytes_max == 64ULL << 20U);
    CHECK(front.timeout == std::chrono::seconds(5));
    CHECK_FALSE(front.grants[2].is_built);
    const ProgramSpec& back = manifest->programs[1];
    CHECK(back.file == "back.sir");
    REQUIRE(back.grants.size() == 1);
    CHECK(back.grants[0].host_path == "out");
    CHECK(back.grants[0].is_built);
}

TEST_CASE("a wrong manifest is refused with line, key and what was expected", "[boot][image]") {
    const auto program = [](const char* line) { return complaint(fmt::format("{}{}\n", kProgram, line)); };
    CHECK(program("memory = \"lots\"") ==
          "tessera.toml:4: program[0].memory: expected a size such as \"64 MiB\", found \"lots\"");
    CHECK(program("memory = 5") ==
          "tessera.toml:4: program[0].memory: expected a size such as \"64 MiB\", found an integer");
    CHECK(program("memory = \"9 GiB\"") ==
          "tessera.toml:4: program[0].memory: expected a size from 1.0 MiB to 4.0 GiB, found \"9 GiB\"");
    CHECK(program("timeout = \"0 s\"") ==
          "tessera.toml:4: program[0].timeout: expected a time such as \"5 s\", found \"0 s\"");
    CHECK(program("grant = []") == "tessera.toml:4: program[0].grant: unknown key; did you mean \"grants\"?");
    CHECK(program("grants = [\n\"console\",\n\"consol\"]") ==
          "tessera.toml:6: program[0].grants[1]: expected \"console\", \"clock\", \"random\", \"loader\", \"cores\", "
          "\"dir:/data=./files\", \"modules:/where\" or "
          "\"object:PROGRAM/INTERFACE\" "
          "(did you mean "
          "\"console\"?), found \"consol\"");
    CHECK(program("grants = [\"dir:/d=./nowhere\"]") == "tessera.toml:4: program[0].grants[0]: expected a folder that "
                                                        "exists (/tmp/nowhere does not), found \"dir:/d=./nowhere\"");
    CHECK(program("grants = \"dir:/d=${build}/out\"") ==
          "tessera.toml:4: program[0].grants[0]: expected \"build\" beside "
          "${build}, found \"dir:/d=${build}/out\"");
    CHECK(program("args = [1]") == "tessera.toml:4: program[0].args[0]: expected a string, found an integer");
    CHECK(program("file = \"a.sir\"").find("expected either \"sources\" or \"file\", found both") != std::string::npos);
    CHECK(program("build = [\"make\"]").find("program[0].build: expected \"file\" beside it") != std::string::npos);
    CHECK(complaint("") == "tessera.toml:1: program: expected at least one program: [[program]], found nothing");
    CHECK(complaint("[image]\nname = \"a b\"\n" + std::string(kProgram)) ==
          "tessera.toml:2: image.name: expected letters, digits, - and _, found \"a b\"");
    CHECK(complaint("x = [").starts_with("tessera.toml:1: "));
    CHECK(complaint(std::string(kProgram) + kProgram) ==
          "tessera.toml:5: program[1].name: expected a name that no other program has, found \"a\"");
    CHECK(complaint("image = 3\n" + std::string(kProgram)) ==
          "tessera.toml:1: image: expected a table: [image], found an integer");
    CHECK(complaint("[[program]]\nname = \"a\"\n").find("found neither") != std::string::npos);
}

TEST_CASE("interposed programs are read, and a wrong one is refused", "[boot][image]") {
    const std::string two =
        std::string(kProgram) + "grants = [\"console\"]\n[[program]]\nname = \"log\"\nsources = [\"l.c\"]\n";
    const auto interpose = [&](const char* lines) { return complaint(two + "[[interpose]]\n" + lines); };
    const auto good = parse(two + "[[interpose]]\nprogram = \"a\"\ngrant = \"console\"\nby = \"log\"\n");
    REQUIRE(good);
    CHECK(good->programs[0].grants[0].interposed == std::vector<std::string>{"log"});
    CHECK(interpose("program = \"b\"\n") ==
          "tessera.toml:9: interpose[0].program: expected the name of a program of this file, found \"b\"");
    CHECK(interpose("program = \"a\"\ngrant = \"clock\"\nby = \"log\"\n") ==
          "tessera.toml:10: interpose[0].grant: expected one of the grants of \"a\", as it is there, found \"clock\"");
    CHECK(interpose("program = \"a\"\ngrant = \"console\"\nby = \"lag\"\n") ==
          "tessera.toml:11: interpose[0].by: expected the name of a program of this file, found \"lag\"");
    CHECK(interpose("program = \"a\"\ngrant = \"console\"\nby = \"a\"\n") ==
          "tessera.toml:11: interpose[0].by: expected an object of a program that doesn't need \"a\" itself, found "
          "\"a\"");
    CHECK(interpose("program = \"a\"\ngrant = \"console\"\nby = \"log\"\nto = 1\n")
              .find("interpose[0].to: unknown key") != std::string::npos);
    CHECK(complaint("interpose = 3\n" + two) ==
          "tessera.toml:1: interpose: expected tables: [[interpose]], found an integer");
}

TEST_CASE("a manifest of random bytes is refused or read, never more", "[boot][image]") {
    std::uint32_t state = 7;
    for (int round = 0; round < 2000; ++round) {
        std::string text(kProgram);
        for (int i = 0; i < 4; ++i) {
            state = state * 1664525U + 1013904223U;
            text[state % text.size()] = static_cast<char>(state >> 24U);
        }
        (void)parse(text);
    }
}
