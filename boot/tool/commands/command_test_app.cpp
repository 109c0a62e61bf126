// tessera test FOLDER: an application's own tests, by the [[test]] tables of its manifest. Each is a run of the whole
// image as a Linux process, whose output and exit status are compared.
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/build/app_build.h"
#include "boot/tool/commands/commands.h"

#include <cstdio>
#include <fmt/format.h>

namespace tessera::tool {
namespace {

// Behind the kernel's own time limit, for a kernel that does not keep it.
constexpr std::chrono::seconds kRunSlack{15};
constexpr std::size_t kOutputBytesMax = 1UL << 20U;

// With marks that show where a line ends.
std::string quoted(const std::string& text) {
    std::string all = "    | ";
    for (const char letter : text) {
        all += letter == '\n' ? std::string("\n    | ") : std::string(1, letter);
    }
    return all;
}

// What is wrong with how a run ended; empty if nothing is.
std::string fault_of(const AppTest& test, const Ended& ended) {
    if (ended.timed_out) {
        return "  the kernel did not keep the time limit\n";
    }
    std::string fault;
    if (ended.status != test.status) {
        fault += fmt::format("  the exit status is {}, and should be {}\n", ended.status, test.status);
    }
    if (test.output && ended.output != *test.output) {
        fault += fmt::format("  the output is\n{}\n  and should be\n{}\n", quoted(ended.output), quoted(*test.output));
    }
    return fault;
}

Result<std::string> try_test(const Workspace& workspace, const AppTest& test, const std::filesystem::path& bundle) {
    std::vector<std::string> argv{
        workspace.hosted().string(), bundle.string(), fmt::format("timeout={}ms", test.timeout.count())};
    if (test.args) {
        argv.emplace_back("--");
        argv.insert(argv.end(), test.args->begin(), test.args->end());
    }
    TRY_TO(const Ended ended,
           run_command({.argv = argv,
                        .capture = Capture::Output,
                        .timeout = test.timeout + kRunSlack,
                        .input_file = "/dev/null",
                        .fence = Command::Fence{.output_bytes_max = kOutputBytesMax}}));
    return fault_of(test, ended);
}

Result<int> test_app(const Workspace& workspace, const std::filesystem::path& folder) {
    TRY_TO(const Manifest manifest, load_manifest(folder, {workspace.entry(), workspace.sources()}));
    if (manifest.tests.empty()) {
        return fail(Blame::Caller,
                    fmt::format("{}: no [[test]] in its tessera.toml; docs/manifest.md shows one", folder.string()));
    }
    TRY_TO(const BuiltApp app, build_app(workspace, manifest, CodeCache::Leave));
    unsigned failed = 0;
    for (const AppTest& test : manifest.tests) {
        TRY_TO(const std::string fault, try_test(workspace, test, app.bundle));
        if (interrupted()) {
            say("stopped");
            return 130;
        }
        failed += fault.empty() ? 0 : 1;
        fmt::print("{}  {}: {}\n{}", fault.empty() ? "ok  " : "FAIL", manifest.name, test.name, fault);
        std::fflush(stdout);
    }
    fmt::print("{} passed, {} failed\n", manifest.tests.size() - failed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace

int test_app_command(const Workspace& workspace, const std::filesystem::path& folder) {
    const Result<int> status = test_app(workspace, folder);
    if (!status) {
        say_error(status.error().text);
        return 2;
    }
    return *status;
}

}  // namespace tessera::tool
