// `tessera new`: what it lays down builds, runs and passes its own tests; `tessera test FOLDER`.
#include "boot/tool/base/files.h"
#include "boot/tool/base/workspace.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace tessera::test;

namespace {

namespace fs = std::filesystem;

// Always the same one, as products are kept by the application's folder.
fs::path empty_folder() {
    const fs::path folder = tessera::tool::find_workspace().build / "test/qemu/new-apps";
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

Seen in(const fs::path& folder, std::vector<std::string> words) {
    words.insert(words.begin(), tool_path().string());
    return command(words, {{"TESSERA_QUIET", "1"}}, folder.string());
}

void replace_in(const fs::path& file, const std::string& from, const std::string& to) {
    auto text = tessera::tool::read_file(file);
    REQUIRE(text);
    const std::size_t at = text->find(from);
    REQUIRE(at != std::string::npos);
    REQUIRE(tessera::tool::write_file(file, text->replace(at, from.size(), to)));
}

}  // namespace

TEST_CASE("a new application runs and passes its tests, in each language", "[programs][new]") {
    const fs::path folder = empty_folder();
    for (const char* language : {"c", "c++", "rust"}) {
        if (std::string(language) == "rust" && !has_rust()) {
            WARN("rustc is not installed: no Rust program was built");
            continue;
        }
        const std::string name = std::string("new-") + language[0] + std::to_string(std::string(language).size());
        const Seen made = in(folder, {"new", name, "--lang", language});
        INFO(language << ": " << made.output);
        REQUIRE(made.status == 0);
        const Seen tested = in(folder, {"test", name});
        INFO(tested.output);
        CHECK(tested.status == 0);
        CHECK(tested.says("2 passed, 0 failed"));
    }
    const Seen run = in(folder, {"run", "new-c1", "--hosted", "--", "you"});
    INFO(run.output);
    CHECK(run.output == "Hello, you.\n");
}

TEST_CASE("a new server and its client talk, by a standard interface and by one's own", "[programs][new]") {
    const fs::path folder = empty_folder();
    const std::string counter = (root() / "apps/counter/counter.capnp").string();
    for (const auto& [name, language, interface] : {std::tuple{"clock", "c++", std::string("Clock")},
                                                    std::tuple{"count", "c", counter + ":Counter"},
                                                    std::tuple{"stream", "rust", std::string("Console")}}) {
        if (std::string(language) == "rust" && !has_rust()) {
            continue;
        }
        const Seen made = in(folder, {"new", name, "--lang", language, "--serves", interface});
        INFO(made.output);
        REQUIRE(made.status == 0);
        const Seen tested = in(folder, {"test", name});
        INFO(tested.output);
        CHECK(tested.status == 0);
        CHECK(tested.says("1 passed, 0 failed"));
    }
    // The first method written: its test says what has changed, and where the two still agree.
    replace_in(folder / "count/server.c",
               "(void)sum;\n    return TESSERA_STATUS_UNSUPPORTED;",
               "*sum = count;\n    return TESSERA_STATUS_OK;");
    const Seen changed = in(folder, {"test", "count"});
    INFO(changed.output);
    CHECK(changed.status == 1);
    CHECK(changed.says("    | add: done\n    | child: the object does not know this method"));
    CHECK(changed.says("0 passed, 1 failed"));
}

TEST_CASE("an application's test looks at the status, and an application without one says so", "[programs][new]") {
    const fs::path folder = empty_folder();
    REQUIRE(in(folder, {"new", "status"}).status == 0);
    replace_in(folder / "status/tessera.toml", "name = \"greets the world\"", "name = \"x\"\nstatus = 3");
    const Seen seen = in(folder, {"test", "status"});
    INFO(seen.output);
    CHECK(seen.status == 1);
    CHECK(seen.says("FAIL  status: x\n  the exit status is 0, and should be 3\n"));
    CHECK(seen.says("1 passed, 1 failed"));
    const Seen none = call({"test", "apps/hello"});
    INFO(none.output);
    CHECK(none.status == 2);
    CHECK(none.says("no [[test]] in its tessera.toml"));
}

TEST_CASE("what can't be laid down is refused, with what there is", "[programs][new]") {
    const fs::path folder = empty_folder();
    const auto refusal = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "new");
        const Seen seen = in(folder, words);
        CHECK(seen.status != 0);
        return seen.output;
    };
    using Catch::Contains;
    fs::create_directory(folder / "old");
    fs::create_symlink("nowhere", folder / "link");
    CHECK_THAT(refusal({"old"}), Contains("old is there already"));
    CHECK_THAT(refusal({"link"}), Contains("link is there already"));
    CHECK_THAT(refusal({"a/b"}), Contains("is no name"));
    CHECK_THAT(refusal({".."}), Contains("is no name"));
    CHECK_THAT(refusal({std::string(65, 'a')}), Contains("is no name"));
    CHECK_THAT(refusal({}), Contains("name is required"));
    CHECK_THAT(refusal({"x", "--lang", "go"}), Contains("expected one of c, c++, rust, found \"go\""));
    CHECK_THAT(refusal({"x", "--serves", "Clok"}), Contains("did you mean \"Clock\"?") && Contains("Directory"));
    CHECK_THAT(refusal({"x", "--serves", "no.capnp"}), Contains("there is no schema no.capnp"));
    const std::string several = (folder / "several.capnp").string();
    REQUIRE(tessera::tool::write_file(several,
                                      "@0xb1d5a3c2e4f60718;\nusing T = import \"/tessera/tessera.capnp\";\n"
                                      "$T.namespace(\"several\");\ninterface One @0xb1d5a3c2e4f60719 {}\n"
                                      "interface Two @0xb1d5a3c2e4f6071a {}\n"));
    CHECK_THAT(refusal({"x", "--serves", several}), Contains("say which one: One, Two"));
    CHECK_THAT(refusal({"x", "--serves", several + ":Three"}), Contains("no interface Three"));
    CHECK_FALSE(fs::exists(folder / "x"));
    const Seen help = in(folder, {"new", "--help"});
    CHECK(help.status == 0);
    CHECK(help.says("--serves"));
}
