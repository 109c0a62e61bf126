// random-boot [FIRST] COUNT: so many random programs that the checker accepts, in one image, on the hosted platform and
// on an emulated machine: each says the same on both, or ends in the same way. Every second one has code of the image
// builder's, the others are compiled by the kernel.
#include "boot/tool/base/workspace.h"
#include "test/qemu/user.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <sstream>

using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

// By program ("P12"): the line that it wrote, or what the kernel says happened to it. Not where: what is inlined, and
// how many calls fit on a stack, depends on the processor's features.
std::map<std::string, std::string> outcomes(const std::string& output) {
    std::map<std::string, std::string> found;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        constexpr std::string_view kFault = "tessera: program '";
        if (const auto fault = line.find(kFault); fault != std::string::npos) {
            const std::string rest = line.substr(fault + kFault.size());
            const bool is_access = rest.find(" of address ") != std::string::npos;
            found[rest.substr(0, rest.find('\''))] =
                is_access ? "an access to no memory" : rest.substr(0, rest.rfind(" at "));
        } else if (line.starts_with("P") && line.find(' ') != std::string::npos) {
            found[line.substr(0, line.find(' '))] = line;
        }
    }
    return found;
}

std::vector<std::string> machine(const fs::path& build, const fs::path& bundle, unsigned seconds) {
    return {"timeout",
            std::to_string(seconds),
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
            bundle.string()};
}

bool make_image(const fs::path& build, const fs::path& folder, const std::string& first, const std::string& count) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    const Seen made = command({(build / "test/fuzz/samples").string(), folder.string(), first, count});
    std::vector<std::string> words = {(build / "test/harness/make-bundle").string(), (folder / "all.bundle").string()};
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string number = entry.path().stem().string().substr(std::string_view("sample-").size());
        const bool is_cached = std::stoull(number) % 2 == 0;
        words.push_back(fmt::format(
            "P{}={},console,entry:report,timeout:60000{}", number, entry.path().string(), is_cached ? ",cache" : ""));
    }
    const Seen bundled = command(words);
    fmt::print("{}{}", made.output, bundled.output);
    return made.status == 0 && bundled.status == 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string count = argc > 1 ? argv[argc - 1] : "";
    const unsigned wanted = static_cast<unsigned>(std::strtoul(count.c_str(), nullptr, 10));
    if (wanted == 0) {
        fmt::print(stderr, "random-boot [FIRST] COUNT\n");
        return 2;
    }
    const fs::path build = tessera::tool::find_workspace().build;
    const fs::path folder = build / "test/qemu/random";
    if (!make_image(build, folder, argc > 2 ? argv[argc - 2] : "1", count)) {
        fmt::print("0 passed, 1 failed\n");
        return 1;
    }
    const fs::path bundle = folder / "all.bundle";
    const Seen hosted = command({"timeout", "120", (build / "boot/system/tessera-hosted").string(), bundle.string()});
    const Seen booted = command(machine(build, bundle, 120 + wanted));
    const auto expected = outcomes(hosted.output);
    const auto found = outcomes(booted.output);
    const auto wrote =
        std::ranges::count_if(expected, [](const auto& each) { return each.second.starts_with(each.first + " "); });
    unsigned failed = 0;
    for (const auto& [name, outcome] : expected) {
        const auto other = found.find(name);
        if (other == found.end() || other->second != outcome) {
            ++failed;
            fmt::print("FAIL  {}: {} on the machine, hosted {}\n",
                       name,
                       other == found.end() ? "nothing" : other->second,
                       outcome);
        }
    }
    // Of programs that all end badly nothing is learnt.
    if (expected.size() != wanted || static_cast<unsigned>(wrote) < wanted / 5) {
        ++failed;
        fmt::print("FAIL  {} of {} programs said something, {} of these came to their end\n{}",
                   expected.size(),
                   wanted,
                   wrote,
                   hosted.output);
    }
    if (failed != 0) {
        fmt::print("{}\n", booted.output);
    }
    fmt::print("{} programs, {} of which came to their end; hosted {:.1f} s, on the machine {:.1f} s\n",
               expected.size(),
               wrote,
               hosted.seconds,
               booted.seconds);
    fmt::print("{} passed, {} failed\n", expected.size() - std::min<std::size_t>(failed, expected.size()), failed);
    return failed == 0 ? 0 : 1;
}
