// Media are inspected here; that they boot is shown by test/qemu.
#include "boot/image/grub.h"
#include "boot/image/media.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"

#include <catch2/catch.hpp>

using namespace tessera::tool;

TEST_CASE("an ISO and a disk hold kernel and bundle, and boot sectors", "[boot][image]") {
    auto scratch = ScratchFolder::create();
    REQUIRE(scratch);
    const auto folder = scratch->path();
    REQUIRE(write_file(folder / "kernel", std::string(3000000, 'k')));
    REQUIRE(write_file(folder / "bundle", std::string(100000, 'b')));
    const MediaContent content{folder / "kernel", folder / "bundle", "no-cache", "my app"};
    SECTION("ISO") {
        REQUIRE(make_iso(content, folder / "app.iso"));
        const auto bytes = read_file(folder / "app.iso");
        REQUIRE(bytes);
        CHECK(bytes->substr(0x8001, 5) == "CD001");
        CHECK(bytes->substr(0x8801, 5) == "CD001");  // El Torito's record
        CHECK(bytes->substr(510, 2) == "\x55\xaa");
    }
    SECTION("disk") {
        REQUIRE(make_raw_disk(content, folder / "app.img"));
        const auto ended = run_command(
            {.argv = {"mdir", "-b", "-i", (folder / "app.img@@1M").string(), "::/boot"}, .capture = Capture::Output});
        REQUIRE(ended);
        CHECK(ended->output.find("tessera.elf") != std::string::npos);
        CHECK(ended->output.find("app.bundle") != std::string::npos);
    }
}

TEST_CASE("GRUB gets words that it takes as they are, or none", "[boot][image]") {
    CHECK(grub_words("no-cache -- \"a b\" \"it's\" \"say \\\"x\\\" \\\\ $y\"").value() ==
          R"('no-cache' '--' 'a b' 'it'\''s' 'say "x" \ $y')");
    CHECK(grub_words("").value().empty());
    for (const char* lost : {"\"\"", "\"a\tb\"", "\"a\nb\"", "\"\\\\x4f\""}) {
        INFO(lost);
        const auto words = grub_words(lost);
        REQUIRE(!words);
        CHECK(words.error().text.find("can't hand over the word") != std::string::npos);
    }
}

TEST_CASE("a child's output, status, time limit and end by signal are seen", "[boot][image]") {
    const auto said = run_command({.argv = {"sh", "-c", "echo out; echo err >&2; exit 3"}, .capture = Capture::Both});
    REQUIRE(said);
    CHECK(said->output == "out\nerr\n");
    CHECK(said->status == 3);
    const auto slow = run_command({.argv = {"sleep", "10"}, .timeout = std::chrono::milliseconds(100)});
    REQUIRE(slow);
    CHECK(slow->timed_out);
    CHECK(slow->wall_seconds < 5);
    const auto killed = run_command({.argv = {"sh", "-c", "kill -9 $$"}});
    REQUIRE(killed);
    CHECK(killed->signal == 9);
    CHECK_FALSE(run_command({.argv = {"no-such-program-anywhere"}, .capture = Capture::Both}));
}
