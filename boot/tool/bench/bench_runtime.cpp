#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace tessera::tool {
namespace {

constexpr int kUrgent = -19;  // so that what else runs on the machine disturbs less

class RuntimeBench {
  public:
    RuntimeBench(const Workspace& workspace, const BenchOptions& options) : workspace_(workspace), options_(options) {}

    Result<std::vector<BenchRow>> run() {
        Step step("measuring");
        const bool has_peer = build_peer();
        for (unsigned round = 0; round < options_.rounds; ++round) {
            step.update(fmt::format("measuring: round {} of {}", round + 1, options_.rounds));
            for (const char* cpus : {"1", "2"}) {
                TRY_VOID(measure({workspace_.entry().string(),
                                  "run",
                                  "--hosted",
                                  "--cpus",
                                  cpus,
                                  (workspace_.root / "test/bench/runtime/fork_join.cpp").string()},
                                 cpus));
                if (has_peer) {
                    TRY_VOID(measure({peer().string()}, std::string("gomp") + cpus, cpus));
                }
            }
        }
        return rows();
    }

  private:
    [[nodiscard]] std::filesystem::path peer() const { return workspace_.build / "bench/tasks"; }

    // Where there is no compiler for it, there is no peer.
    bool build_peer() {
        if (!make_folder(peer().parent_path())) {
            return false;
        }
        const auto source = (workspace_.root / "test/bench/runtime/tasks.cpp").string();
        const auto built = run_command({.argv = {"g++", "-O2", "-fopenmp", source, "-o", peer().string()},
                                        .capture = Capture::Both,
                                        .timeout = std::chrono::minutes(1)});
        return built && built->status == 0;
    }

    Result<void> measure(const std::vector<std::string>& argv, const std::string& kind, const char* threads = "1") {
        TRY_TO(const Ended ended,
               run_command({.argv = argv,
                            .environment = {{"OMP_NUM_THREADS", threads}},
                            .capture = Capture::Output,
                            .timeout = std::chrono::minutes(5),
                            .priority = kUrgent}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.status != 0) {
            return fail(Blame::Machine,
                        fmt::format("{} ended with status {}: {}", argv[0], ended.status, ended.output));
        }
        std::istringstream lines(ended.output);
        std::string name;
        double nanoseconds = 0;
        while (lines >> name >> nanoseconds) {
            const auto [best, fresh] = best_ns_.try_emplace(name + "/" + kind, nanoseconds);
            best->second = std::min(best->second, nanoseconds);
        }
        return {};
    }

    std::vector<BenchRow> rows() {
        std::vector<BenchRow> rows;
        constexpr double kMillisecond = 1e6;
        const auto row =
            [&](const std::string& name, const std::string& what, const std::string& peer, const char* called) {
                if (best_ns_.contains(what) && best_ns_.contains(peer)) {
                    const bool is_long = best_ns_[what] > kMillisecond;
                    const double unit = is_long ? kMillisecond : 1;
                    rows.push_back({name, best_ns_[what] / unit, is_long ? "ms" : "ns", called, best_ns_[peer] / unit});
                }
            };
        row("fib_1_worker", "fib/1", "fib_in_order/1", "in order");
        row("fib_1_worker", "fib/1", "fib/gomp1", "libgomp's tasks");
        row("fib_2_workers", "fib/2", "fib/1", "one worker");
        row("fib_2_workers", "fib/2", "fib/gomp2", "libgomp's tasks");
        for (const char* name : {"queens", "sort", "multiply"}) {
            const std::string text = name;
            row(text + "_1_worker", text + "/1", text + "_in_order/1", "in order");
            row(text + "_2_workers", text + "/2", text + "_in_order/1", "in order");
        }
        rows.push_back({"reducer", best_ns_["reducer/1"], "ns"});
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    std::map<std::string, double> best_ns_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_runtime(const Workspace& workspace, const BenchOptions& options) {
    return RuntimeBench(workspace, options).run();
}

}  // namespace tessera::tool
