#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/build/app_build.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr int kUrgent = -19;  // so that what else runs on the machine disturbs less

class CapsBench {
  public:
    CapsBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/caps"),
          source_(workspace.root / "test/bench/calls") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_VOID(build());
        Step step("measuring");
        for (unsigned round = 0; round < options_.rounds; ++round) {
            step.update(fmt::format("measuring: round {} of {}", round + 1, options_.rounds));
            TRY_VOID(measure(ours_));
            TRY_VOID(measure(loading_));
            TRY_VOID(measure({(folder_ / "native").string(), (folder_ / "library.so").string()}));
        }
        return rows();
    }

  private:
    Result<void> build() {
        const Step step("building the programs that call each other");
        TRY_TO(const Manifest manifest, load_manifest(source_, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
        ours_ = {workspace_.hosted().string(), app.bundle.string()};
        const std::vector<std::string> argv{
            "clang++-22", "-O3", "-std=c++23", "-o", (folder_ / "native").string(), (source_ / "native.cpp").string()};
        TRY_VOID(make(argv));
        TRY_VOID(make({"clang-22", "-O2", "-shared", "-fPIC", "-o", "library.so", (source_ / "library.c").string()}));
        return build_loading();
    }

    // The program that loads others, in a folder of its own, as what it loads has to be made first.
    Result<void> build_loading() {
        const fs::path from = workspace_.root / "test/loading";
        const fs::path folder = folder_ / "loading";
        TRY_VOID(make_folder(folder / "modules"));
        for (const char* name : {"manager.cpp", "probe.capnp", "bench/tessera.toml"}) {
            std::error_code failure;
            fs::copy_file(
                from / name, folder / fs::path(name).filename(), fs::copy_options::overwrite_existing, failure);
            if (failure) {
                return fail(Blame::Machine, fmt::format("cannot copy {}: {}", name, failure.message()));
            }
        }
        TRY_VOID(make({workspace_.entry().string(),
                       "cc",
                       "-O2",
                       (from / "small.c").string(),
                       "-o",
                       (folder / "modules/small.sir").string()}));
        TRY_TO(const Manifest manifest, load_manifest(folder, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
        loading_ = {workspace_.hosted().string(), app.bundle.string(), "--", "bench"};
        return {};
    }

    Result<void> make(const std::vector<std::string>& argv) {
        TRY_TO(const Ended ended, run_command({.argv = argv, .folder = folder_.string(), .capture = Capture::Both}));
        return ended.status == 0 ? Result<void>() : fail(Blame::Machine, argv.front() + " failed: " + ended.output);
    }

    Result<void> measure(const std::vector<std::string>& argv) {
        TRY_TO(
            const Ended ended,
            run_command(
                {.argv = argv, .capture = Capture::Output, .timeout = std::chrono::minutes(2), .priority = kUrgent}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("{} ended with status {}", argv.front(), ended.status));
        }
        std::istringstream lines(ended.output);
        double nanoseconds = 0;
        for (std::string name; lines >> name >> nanoseconds;) {
            const auto [best, fresh] = best_ns_.try_emplace(name, nanoseconds);
            best->second = std::min(best->second, nanoseconds);
        }
        return {};
    }

    Result<std::vector<BenchRow>> rows() {
        std::vector<BenchRow> rows;
        const auto row = [&](const char* name, const char* peer, const char* what) {
            rows.push_back({name, best_ns_[name], "ns", what, best_ns_[peer]});
        };
        row("call_direct", "indirect", "indirect call, native");
        row("call_direct", "virtual", "virtual call, native");
        row("call_direct", "call_pointer", "indirect call, verified");
        row("call_direct", "pipe", "two processes by pipes");
        row("call_direct", "futex", "two processes by a futex");
        row("call_handle", "call_direct", "call_direct");
        row("call_slice", "own_loop", "the same loop in one program");
        row("call_message", "call_direct", "call_direct");
        row("proxy_null", "call_direct", "call_direct");
        row("proxy_membrane", "call_direct", "call_direct");
        rows.push_back({"object", best_ns_["object"], "ns"});
        row("load_1k", "dlopen", "dlopen of the same");
        row("instantiate", "posix_spawn", "posix_spawn of true");
        rows.push_back({"end_domain", best_ns_["end_domain"], "ns"});
        rows.push_back({"instances", best_ns_["instances"], "live"});
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    fs::path source_;
    std::vector<std::string> ours_;
    std::vector<std::string> loading_;
    std::map<std::string, double> best_ns_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_caps(const Workspace& workspace, const BenchOptions& options) {
    return CapsBench(workspace, options).run();
}

}  // namespace tessera::tool
