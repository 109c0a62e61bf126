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

namespace fs = std::filesystem;

constexpr const char* kPackets = "20000";
constexpr int kUrgent = -19;  // so that what else runs on the machine disturbs less

class EmbedBench {
  public:
    EmbedBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/embed/pcap") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(build());
        Step step("measuring");
        for (unsigned round = 0; round < options_.rounds; ++round) {
            step.update(fmt::format("measuring: round {} of {}", round + 1, options_.rounds));
            TRY_VOID(measure());
        }
        return rows();
    }

  private:
    // The example of apps/embed, with the library as it lies in the build.
    Result<void> build() {
        const Step step("building the library and the packet filter");
        TRY_VOID(make_folder(folder_));
        for (const auto& entry : fs::directory_iterator(workspace_.root / "apps/embed/pcap")) {
            std::error_code failure;
            fs::copy_file(
                entry.path(), folder_ / entry.path().filename(), fs::copy_options::overwrite_existing, failure);
            if (failure) {
                return fail(Blame::Machine,
                            fmt::format("cannot copy {}: {}", entry.path().string(), failure.message()));
            }
        }
        TRY_TO(const auto library, run_here({"ninja", "-C", workspace_.build.string(), "libtessera"}));
        TRY_TO(const auto filter, run_here({"make", "-s", "TESSERA=" + workspace_.entry().string()}));
        TRY_TO(const auto capture, run_here({"./pcap-filter", "--make", "made.pcap", kPackets}));
        return {};
    }

    Result<std::string> run_here(const std::vector<std::string>& argv) {
        const auto library = (workspace_.build / "boot/embed").string();
        const auto packages = (workspace_.build / "meson-uninstalled").string();
        TRY_TO(const Ended ended,
               run_command({.argv = argv,
                            .folder = folder_.string(),
                            .environment = {{"PKG_CONFIG_PATH", packages}, {"LD_LIBRARY_PATH", library}},
                            .capture = Capture::Output,
                            .timeout = std::chrono::minutes(9),
                            .priority = kUrgent}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.status != 0) {
            return fail(Blame::Machine,
                        fmt::format("{} ended with status {}: {}", argv.front(), ended.status, ended.output));
        }
        return ended.output;
    }

    Result<void> measure() {
        TRY_TO(const auto output, run_here({"./pcap-filter", "filter.sir", "made.pcap", "--bench"}));
        std::istringstream lines(output);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string name;
            std::string rest;
            double nanoseconds = 0;
            if (words >> name >> nanoseconds && !(words >> rest)) {
                const auto [best, fresh] = best_ns_.try_emplace(name, nanoseconds);
                best->second = std::min(best->second, nanoseconds);
            }
        }
        return {};
    }

    std::vector<BenchRow> rows() {
        std::vector<BenchRow> rows;
        const auto row = [&](const char* name, const char* peer, const char* what) {
            if (best_ns_.contains(peer)) {
                rows.push_back({name, best_ns_[name], "ns", what, best_ns_[peer]});
            }
        };
        row("call", "each_native", "the filter as a native function");
        row("batch_verified", "batch_native", "the same loop, native");
        row("batch_verified", "each_bpf", "libpcap's interpreter");
        row("each_verified", "each_bpf", "libpcap's interpreter");
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    std::map<std::string, double> best_ns_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_embed(const Workspace& workspace, const BenchOptions& options) {
    return EmbedBench(workspace, options).run();
}

}  // namespace tessera::tool
