// Every hostile program that the wire form can express, in one image: the kernel itself refuses each by the name of its
// rule, on emulated bare hardware, and the harmless program among them runs.
#include "boot/tool/base/workspace.h"
#include "test/qemu/user.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

// Program name to the rule that must refuse it; "-" where it must be accepted.
std::map<std::string, std::string> expected_rules(const fs::path& folder) {
    std::map<std::string, std::string> rules;
    std::ifstream file(folder / "expected");
    for (std::string name, rule; file >> name >> rule;) {
        rules[fs::path(name).stem().string()] = rule;
    }
    return rules;
}

// "tessera: program 'NAME': SIRnnn: ..." of each line.
std::map<std::string, std::string> refusals(const std::string& output) {
    std::map<std::string, std::string> found;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const auto name = line.find("program '");
        const auto end = line.find("': SIR");
        if (name != std::string::npos && end != std::string::npos) {
            found[line.substr(name + 9, end - name - 9)] = line.substr(end + 3, 6);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the kernel refuses every hostile program by name, and the others go on", "[qemu]") {
    const fs::path build = tessera::tool::find_workspace().build;
    const fs::path folder = build / "test/qemu/hostile";
    fs::remove_all(folder);
    fs::create_directories(folder);
    REQUIRE(
        command({(build / "test/hostile/write-corpus").string(), (root() / "test/hostile").string(), folder.string()})
            .status == 0);

    std::vector<std::string> words = {(build / "test/harness/make-bundle").string(), (folder / "all.bundle").string()};
    std::map<std::string, std::string> expected;
    for (const auto& [name, rule] : expected_rules(folder)) {
        if (rule != "-") {
            expected[name] = rule;
            words.push_back(name + "=" + (folder / (name + ".sir")).string());
        }
    }
    REQUIRE(expected.size() > 150);
    REQUIRE(call({"cc", "-O2", "-o", (folder / "hello.sir").string(), "apps/hello/hello.c"}).status == 0);
    words.push_back("hello=" + (folder / "hello.sir").string() + ",console");
    const Seen bundled = command(words);
    INFO(bundled.output);
    REQUIRE(bundled.status == 0);

    const Seen seen = command({"timeout",
                               "120",
                               "qemu-system-x86_64",
                               "-accel",
                               "tcg,thread=multi",
                               "-cpu",
                               "max",
                               "-smp",
                               "2",
                               "-m",
                               "512",
                               "-display",
                               "none",
                               "-vga",
                               "none",
                               "-serial",
                               "stdio",
                               "-no-reboot",
                               "-nic",
                               "none",
                               "-kernel",
                               (build / "boot/system/tessera.elf").string(),
                               "-initrd",
                               (folder / "all.bundle").string()});
    INFO(seen.output);
    CHECK(refusals(seen.output) == expected);
    CHECK(seen.says("Hello from a verified program."));
    CHECK_FALSE(seen.says("kernel stopped"));
}
