// The tool's commands, one function each: options in, exit status out. Messages go to standard error; a status above 0
// has been explained there.
#pragma once

#include "boot/tool/base/workspace.h"
#include "boot/tool/bench/bench_options.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tessera::tool {

struct BuildOptions {
    std::filesystem::path folder = ".";
    std::filesystem::path output{};
    std::string flavour{};
    std::string boot_options{};  // for the kernel, at every start
};
int build_command(const Workspace& workspace, const BuildOptions& options);

struct RunOptions {
    std::filesystem::path target = ".";
    std::vector<std::string> args{};
    bool args_given = false;
    std::optional<unsigned> cpus{};
    std::string memory{};
    std::string timeout{};
    std::string boot_options{};
    bool iso = false;
    bool uefi = false;
    bool hosted = false;
    bool no_cache = false;
    bool no_kvm = false;
    bool verbose = false;
};
int run_command_line(const Workspace& workspace, const RunOptions& options);

struct GraphOptions {
    std::filesystem::path folder = ".";
    std::filesystem::path output{};  // empty: NAME.svg
    std::string from{};              // a program: only what it reaches
    bool text = false;
};
int graph_command(const Workspace& workspace, const GraphOptions& options);

struct NewOptions {
    std::string name{};  // of the folder and the image
    std::string language = "c";
    std::string serves{};  // a standard interface's name, FILE.capnp or FILE.capnp:NAME; empty: none
};
int new_command(const Workspace& workspace, const NewOptions& options);

struct CheckOptions {
    std::vector<std::filesystem::path> files{};
    bool explain = false;
};
int check_command(const Workspace& workspace, const CheckOptions& options);
int dis_command(const Workspace& workspace, const std::filesystem::path& file);

int doctor_command(const Workspace& workspace);
int clean_command(const Workspace& workspace);
int version_command(const Workspace& workspace);

struct TestOptions {
    std::string filter{};
    bool quick = false;  // no sanitizers, no tidy
    bool list = false;
    bool mutate = false;        // the checker forgets one rule at a time: which tests notice?
    unsigned fuzz_seconds = 0;  // 0: no; random programs under the oracle, for so long
};
int test_command(const Workspace& workspace, const TestOptions& options);
// The tests of an application's own manifest.
int test_app_command(const Workspace& workspace, const std::filesystem::path& folder);
// `words` is all that follows `tessera test`, --suite among them: the compiler's options are not known to CLI11.
int suite_command(const Workspace& workspace, const std::vector<std::string>& words);

// `tessera schema`, `decode` and `encode`, whose words are all another program's; comes back if that can't be started.
int become_schema_tool(const Workspace& workspace, char** argv);

int bench_command(const Workspace& workspace, const BenchOptions& options);

}  // namespace tessera::tool
