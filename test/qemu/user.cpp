#include "test/qemu/user.h"

#include "boot/tool/base/workspace.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace tessera::test {
namespace {

// Far above what any of these takes, the building of an application included; a machine that hangs must not hang the
// tests.
constexpr std::chrono::seconds kPatience{600};

Seen run(const tool::Command& command) {
    Seen seen;
    const auto ended = tool::run_command(command);
    if (!ended) {
        seen.output = ended.error().text;
        return seen;
    }
    seen.status = ended->timed_out ? -2 : ended->status;
    seen.output = ended->output;
    std::erase(seen.output, '\r');
    seen.seconds = ended->wall_seconds;
    return seen;
}

}  // namespace

std::filesystem::path root() { return tool::find_workspace().root; }
std::filesystem::path tool_path() { return tool::find_workspace().tool(); }

Seen call(const std::vector<std::string>& words, const std::string& input_file) {
    tool::Command command{.argv = {tool_path().string()},
                          .folder = root().string(),
                          .environment = {{"TESSERA_QUIET", "1"}},
                          .capture = tool::Capture::Both,
                          .timeout = kPatience,
                          .input_file = input_file};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    return run(command);
}

Seen command(const std::vector<std::string>& words,
             const std::vector<std::pair<std::string, std::string>>& environment,
             const std::string& folder) {
    return run({.argv = words,
                .folder = folder,
                .environment = environment,
                .capture = tool::Capture::Both,
                .timeout = kPatience,
                .input_file = "/dev/null"});
}

Seen shell(const std::string& words, const std::string& input) {
    return command({"bash", "-o", "pipefail", "-c", input + " | " + tool_path().string() + " " + words},
                   {{"TESSERA_QUIET", "1"}},
                   root().string());
}

bool has_rust() { return command({"rustc", "--version"}).status == 0; }

}  // namespace tessera::test
