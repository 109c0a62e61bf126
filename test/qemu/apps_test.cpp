// Real programs, unmodified from Debian's source packages, each verified and run on an emulated machine.
#include "boot/tool/base/files.h"
#include "boot/tool/base/workspace.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera::test;

namespace {

void check_sqlite(const Seen& seen) {
    INFO(seen.output);
    CHECK(seen.status == 0);
    for (const char* line : {"giant  4        285    111.15",
                             "Jupiter  1",
                             "sum of squares|333338333350000",
                             "inside|10000\n",
                             "rolled back|20000\n",
                             "integrity_check\nok\n",
                             "DONE|1\n"}) {
        CHECK(seen.says(line));
    }
}

// What the driver of Lua's tests printed of those that passed.
std::vector<std::string> passed(const Seen& seen) {
    std::vector<std::string> names;
    std::istringstream lines(seen.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("ok ")) {
            names.push_back(line.substr(3));
        }
    }
    return names;
}

// Whether the application's recipe had to give up: Lua's tests come out of an npm package.
bool lacks_tests(const Seen& seen) {
    const bool lacks = seen.says("can't get Lua's tests");
    if (lacks) {
        WARN("node or npm isn't installed, or npm has no registry: Lua's own tests were not run");
    }
    return lacks;
}

}  // namespace

TEST_CASE("SQLite's shell answers queries in a database in memory", "[hosted][apps]") {
    check_sqlite(call({"run", "apps/sqlite", "--hosted", "--no-cache"}));
}

// Minutes, nearly all of them for generating the image's code: build/test/qemu/apps-test "[long]".
TEST_CASE("SQLite's shell answers queries on a machine", "[.][long]") { check_sqlite(call({"run", "apps/sqlite"})); }

TEST_CASE("zlib passes its own test, that of files included", "[qemu][apps]") {
    const Seen seen = call({"run", "apps/zlib"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    for (const char* line : {"uncompress(): hello, hello!",
                             "gzgets() after gzseek:  hello!",
                             "large_inflate(): OK",
                             "inflate with dictionary: hello, hello!"}) {
        CHECK(seen.says(line));
    }
}

TEST_CASE("zlib's minigzip packs and unpacks a stream", "[hosted][apps]") {
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const std::string plain = (scratch->path() / "plain").string();
    const std::string packed = (scratch->path() / "packed").string();
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += "line " + std::to_string(i * i % 977) + "\n";
    }
    REQUIRE(tessera::tool::write_file(plain, text));
    const Seen pack =
        command({"/bin/sh", "-c", tool_path().string() + " run --hosted apps/zlib/minigzip <" + plain + " >" + packed},
                {{"TESSERA_QUIET", "1"}},
                root().string());
    INFO(pack.output);
    REQUIRE(pack.status == 0);
    CHECK(command({"gzip", "-dc", packed}).output == text);
    const Seen back =
        command({"/bin/sh", "-c", tool_path().string() + " run --hosted apps/zlib/minigzip -- -d <" + packed},
                {{"TESSERA_QUIET", "1"}},
                root().string());
    CHECK(back.status == 0);
    CHECK(back.output == text);
}

TEST_CASE("mbedTLS passes its self-test", "[qemu][apps]") {
    const Seen seen = call({"run", "apps/mbedtls"});
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("[ All tests PASS ]"));
}

TEST_CASE("Lua's own tests pass where they pass natively", "[hosted][apps]") {
    const Seen verified = call({"run", "--hosted", "apps/lua/suite", "--", "/tests", "all"});
    if (lacks_tests(verified)) {
        return;
    }
    // The same recipe with a native compiler, in a copy of the same sources.
    auto scratch = tessera::tool::ScratchFolder::create();
    REQUIRE(scratch);
    const std::string copy = (scratch->path() / "lua").string();
    const std::string sources = (tessera::tool::find_workspace().sources() / "lua5.3").string();
    const std::string app = (root() / "apps/lua/suite").string();
    REQUIRE(command({"cp", "-r", sources, copy}).status == 0);
    const Seen built = command({"sh", app + "/build.sh", app}, {{"CC", "clang-22"}}, copy);
    INFO(built.output);
    REQUIRE(built.status == 0);
    std::vector<std::string> native = passed(command({"./suite", "tests", "all"}, {}, copy));
    std::erase(native, "strings-locale");  // apps/lua/suite/left-out says why
    CHECK(passed(verified) == native);
    const Seen listed = call({"run", "--hosted", "apps/lua/suite"});
    INFO(listed.output);
    CHECK(listed.status == 0);
    CHECK(listed.says("301 passed, 0 failed"));
    CHECK(passed(listed) == native);
}

// Half a minute of it under emulation, natively four seconds.
TEST_CASE("Lua's own tests pass on a machine", "[qemu][apps]") {
    const Seen seen = call({"run", "apps/lua/suite"});
    if (lacks_tests(seen)) {
        return;
    }
    INFO(seen.output);
    CHECK(seen.status == 0);
    CHECK(seen.says("301 passed, 0 failed"));
}
