// tessera-launcher FILE ARGUMENTS: runs a program that was linked by `tessera cc`, as a Linux process. What is before
// the program's bytes names this (docs/decisions/015). It becomes the hosted kernel, so that statuses and signals are
// those.
#include "boot/bundle/writer.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/progress.h"
#include "core/base/launcher_line.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace tessera::tool {
namespace {

constexpr int kNotStarted = 126;           // as shells say it
constexpr const char* kFolder = "host/0";  // what stands for the folder in which it is started
constexpr std::uint64_t kMemoryMax = std::uint64_t{2} << 30U;

// What a plain tool has from its shell, as far as there are capabilities for it.
bundle::Program describe(std::span<char*> words, const std::string& folder) {
    bundle::Program program;
    program.name = words[0];
    program.args.assign(words.begin() + 1, words.end());
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos && equals != 0) {
            program.env.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    for (const auto kind :
         {bundle::GrantKind::Console, bundle::GrantKind::Clock, bundle::GrantKind::Random, bundle::GrantKind::Cores}) {
        program.grants.push_back({kind, "", ""});
    }
    // Relative names go by the root; absolute ones by the name that it has on the host, too.
    program.grants.push_back({bundle::GrantKind::Directory, "/", kFolder});
    if (folder != "/") {
        program.grants.push_back({bundle::GrantKind::Directory, folder, kFolder});
    }
    program.memory_bytes = kMemoryMax;
    return program;
}

// A file that nobody else sees, which the kernel opens by its number.
Result<std::string> put_aside(std::span<const std::byte> bytes) {
    const int file = memfd_create("tessera-bundle", 0);
    if (file < 0) {
        return fail(Blame::Machine, fmt::format("cannot keep the program in memory: {}", std::strerror(errno)));
    }
    while (!bytes.empty()) {
        const auto written = write(file, bytes.data(), bytes.size());
        if (written <= 0) {
            return fail(Blame::Machine, fmt::format("cannot keep the program in memory: {}", std::strerror(errno)));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return fmt::format("/proc/self/fd/{}", file);
}

// The launcher is named by the program's file, and the kernel that goes with it is of the same build, whatever the
// environment says of another one.
std::filesystem::path own_build(std::error_code& failure) {
    return std::filesystem::read_symlink("/proc/self/exe", failure).parent_path().parent_path().parent_path();
}

// Comes back if it fails.
Result<void> launch(std::span<char*> words) {
    TRY_TO(const std::string text, read_file(words[0]));
    const auto sir = without_launcher(text);
    if (!sir.starts_with("TSIR")) {
        return fail(Blame::Caller, fmt::format("{} is no program of `tessera cc`'s", words[0]));
    }
    const auto begin = std::as_bytes(std::span(sir));
    std::error_code failure;
    const std::string folder = std::filesystem::current_path(failure).string();
    if (failure) {
        return fail(Blame::Machine, fmt::format("cannot find this folder: {}", failure.message()));
    }
    bundle::Writer writer;
    writer.add_program(describe(words, folder), {begin.begin(), begin.end()}, {});
    TRY_TO(const auto bundle, writer.finish());
    TRY_TO(std::string place, put_aside(bundle));
    std::string kernel = (own_build(failure) / "boot/system/tessera-hosted").string();
    std::string given = fmt::format("folder:{}={}", kFolder, folder);
    char* const argv[] = {kernel.data(), place.data(), given.data(), nullptr};
    ::execv(kernel.c_str(), argv);
    return fail(Blame::Machine, fmt::format("cannot start {}: {}", kernel, std::strerror(errno)));
}

}  // namespace
}  // namespace tessera::tool

int main(int argc, char** argv) {
    using namespace tessera::tool;
    if (argc < 2) {
        say_error("tessera-launcher PROGRAM ARGUMENTS: runs what `tessera cc` has linked");
        return 2;
    }
    try {
        if (const auto launched = launch(std::span(argv + 1, static_cast<std::size_t>(argc - 1))); !launched) {
            say_error(launched.error().text);
        }
    } catch (const std::exception& error) {
        say_error(fmt::format("unexpected: {}; this is a fault of the tool's", error.what()));
    }
    return kNotStarted;
}
