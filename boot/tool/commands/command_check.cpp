// tessera check and tessera dis: what the kernel would say of a program. What is no safe IR yet is lowered first. The
// work is done by another process, which untrusted input may at worst end.
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/commands/commands.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <string_view>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kToLower[] = {".c", ".cc", ".cpp", ".cxx", ".bc", ".ll", ".o", ".rs", ".wasm", ".wat"};

// A process that a signal ended has found a fault in a compiler, not in us: said in words.
int status_of(const Ended& ended, const fs::path& file, std::string_view what) {
    if (ended.interrupted) {
        say("stopped");
        return 130;
    }
    if (ended.signal == SIGPIPE) {
        return 128 + SIGPIPE;  // whoever reads the output has seen enough
    }
    if (ended.signal != 0) {
        say_error(fmt::format("{}: {} crashed on it (signal {}); it is refused", file.string(), what, ended.signal));
        return 1;
    }
    return ended.status;
}

Result<int> inspect(const Workspace& workspace, const std::vector<fs::path>& files, std::vector<std::string> words) {
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    words.insert(words.begin(), workspace.inspector().string());
    for (std::size_t i = 0; i < files.size(); ++i) {
        const fs::path& file = files[i];
        std::error_code failure;
        if (!fs::is_regular_file(file, failure)) {
            return fail(Blame::Caller, fmt::format("there is no file {}", file.string()));
        }
        fs::path sir = file;
        if (std::ranges::find(kToLower, file.extension().string()) != std::end(kToLower)) {
            sir = scratch.path() / fmt::format("{}.sir", i);
            TRY_TO(
                const Ended ended,
                run_command(
                    {.argv = {workspace.compiler().string(), "cc", "-O2", "-g", file.string(), "-o", sir.string()}}));
            if (const int status = status_of(ended, file, "the compiler"); status != 0) {
                return status;
            }
            if (words[1] == "check") {
                words.insert(words.end(), {"--as", file.string()});
            }
        }
        words.push_back(sir.string());
    }
    TRY_TO(const Ended ended, run_command({.argv = std::move(words)}));
    return status_of(ended, files.front(), "the inspector");
}

int done(const Result<int>& status) {
    if (!status) {
        say_error(status.error().text);
        return 1;
    }
    return *status;
}

}  // namespace

int check_command(const Workspace& workspace, const CheckOptions& options) {
    std::vector<std::string> words{"check"};
    if (options.explain) {
        words.emplace_back("--explain");
    }
    return done(inspect(workspace, options.files, std::move(words)));
}

int dis_command(const Workspace& workspace, const fs::path& file) { return done(inspect(workspace, {file}, {"dis"})); }

}  // namespace tessera::tool
