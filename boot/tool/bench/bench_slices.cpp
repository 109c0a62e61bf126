#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/build/app_build.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRepeats = "8";
constexpr int kUrgent = -19;  // so that what else runs on the machine disturbs less

struct Engine {
    std::string name;
    std::vector<std::string> argv;  // filter and repeats follow
};

class SlicesBench {
  public:
    SlicesBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/slices"),
          source_(workspace.root / "test/bench") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_VOID(build());
        Step step("measuring");
        TRY_VOID(list_loops());
        // Interleaved loop by loop, so that a machine that slows down for a while slows all engines.
        for (unsigned round = 0; round < options_.rounds; ++round) {
            for (const std::string& loop : loops_) {
                step.update(fmt::format("measuring: round {} of {}, {}", round + 1, options_.rounds, loop));
                for (const Engine& engine : engines_) {
                    TRY_VOID(measure(engine, loop));
                }
            }
        }
        return rows();
    }

  private:
    Result<void> build() {
        const Step step("building the loops for each engine");
        for (const char* name : {"slices", "pointers"}) {
            TRY_TO(const Manifest manifest, load_manifest(source_ / name, {workspace_.entry(), workspace_.sources()}));
            TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
            engines_.push_back({name, {workspace_.lender().string(), app.bundle.string(), "--"}});
        }
        const std::vector<std::string> argv{"clang-22",
                                            "-O3",
                                            "-march=x86-64-v3",
                                            "-ffp-contract=off",
                                            "-o",
                                            (folder_ / "native").string(),
                                            (source_ / "slices/loops.c").string()};
        TRY_TO(const Ended ended, run_command({.argv = argv, .folder = folder_.string(), .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Machine, "clang-22 failed: " + ended.output);
        }
        engines_.push_back({"native", {(folder_ / "native").string()}});
        return {};
    }

    Result<Ended> start(const Engine& engine, const std::string& filter, const std::string& repeats) {
        std::vector<std::string> argv = engine.argv;
        argv.push_back(filter);
        argv.push_back(repeats);
        TRY_TO(
            Ended ended,
            run_command(
                {.argv = argv, .capture = Capture::Output, .timeout = std::chrono::minutes(5), .priority = kUrgent}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("{} ended with status {}", engine.name, ended.status));
        }
        return ended;
    }

    Result<void> list_loops() {
        TRY_TO(const Ended ended, start(engines_.back(), options_.filter, "0"));
        std::istringstream lines(ended.output);
        for (std::string word, loop; lines >> word >> loop;) {
            loops_.push_back(loop);
        }
        if (loops_.empty()) {
            return fail(Blame::Caller, fmt::format("no loop has \"{}\" in its name", options_.filter));
        }
        return {};
    }

    Result<void> measure(const Engine& engine, const std::string& loop) {
        TRY_TO(const Ended ended, start(engine, "=" + loop, kRepeats));
        std::istringstream lines(ended.output);
        std::string word;
        std::string name;
        std::string checksum;
        double nanoseconds = 0;
        while (lines >> word >> name >> checksum >> nanoseconds) {
            const auto [known, fresh] = checksums_.try_emplace(loop, checksum);
            if (!fresh && known->second != checksum) {
                return fail(Blame::Kernel,
                            fmt::format("{}: {} computes {}, another {}", loop, engine.name, checksum, known->second));
            }
            const auto [best, first] = best_us_.try_emplace({engine.name, loop}, nanoseconds / 1e3);
            best->second = std::min(best->second, nanoseconds / 1e3);
        }
        return {};
    }

    Result<std::vector<BenchRow>> rows() {
        std::vector<BenchRow> rows;
        constexpr std::array<std::pair<const char*, const char*>, 2> kPeers{
            {{"pointers", "ordinary memory, verified"}, {"native", "clang -O3 -march=x86-64-v3"}}};
        for (const auto& [engine, peer] : kPeers) {
            std::vector<double> ratios;
            for (const std::string& loop : loops_) {
                rows.push_back({fmt::format("{}/{}", engine, loop),
                                best_us_[{"slices", loop}],
                                "us",
                                peer,
                                best_us_[{engine, loop}]});
                ratios.push_back(rows.back().ratio());
            }
            rows.push_back({fmt::format("{}/geometric mean of {}", engine, ratios.size()),
                            geometric_mean(ratios),
                            "ratio",
                            peer,
                            1.0});
        }
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    fs::path source_;
    std::vector<Engine> engines_;
    std::vector<std::string> loops_;
    std::map<std::string, std::string> checksums_;
    std::map<std::pair<std::string, std::string>, double> best_us_;  // by engine and loop
};

}  // namespace

Result<std::vector<BenchRow>> bench_slices(const Workspace& workspace, const BenchOptions& options) {
    return SlicesBench(workspace, options).run();
}

}  // namespace tessera::tool
