// Real programs, unmodified from Debian's source packages, each verified and run on an emulated machine.
#include "boot/image/files.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>

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
