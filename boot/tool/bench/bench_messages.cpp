#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr int kUrgent = -19;  // so that what else runs on the machine disturbs less

class MessagesBench {
  public:
    MessagesBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/messages"),
          source_(workspace.root / "test/bench/messages") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_VOID(build());
        const Step step("measuring");
        TRY_TO(const Ended ended, start({(folder_ / "messages").string(), fmt::format("{}", options_.rounds)}));
        return rows(ended.output);
    }

  private:
    Result<Ended> start(std::vector<std::string> argv) {
        const std::string name = argv.front();
        TRY_TO(Ended ended,
               run_command({.argv = std::move(argv),
                            .folder = source_.string(),
                            .capture = Capture::Both,
                            .timeout = std::chrono::minutes(5),
                            .priority = kUrgent}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("{} failed: {}", name, ended.output));
        }
        return ended;
    }

    // The same people as each encoding's own generator has them, and one program that uses all four.
    Result<void> build() {
        const Step step("building the messages' program");
        const std::string out = folder_.string();
        TRY_VOID(start({"capnp", "compile", "-oc++:" + out, "people.capnp"}));
        TRY_VOID(start({workspace_.schema_tool().string(), "compile", "people.capnp", "-o", out}));
        TRY_VOID(start({"flatc", "--cpp", "-o", out, "people.fbs"}));
        TRY_VOID(start({"protoc", "--cpp_out=" + out, "people.proto"}));
        const std::string root = workspace_.root.string();
        TRY_VOID(start({"clang++-22",
                        "-O3",
                        "-march=x86-64-v3",
                        "-std=c++23",
                        "-w",
                        "-include",
                        root + "/caps/schemac/stock.h",
                        "-I" + root,
                        "-I" + root + "/apps/sdk",
                        "-I" + out,
                        "-o",
                        out + "/messages",
                        (source_ / "messages.cpp").string(),
                        out + "/people.capnp.c++",
                        out + "/people.pb.cc",
                        "-lcapnp",
                        "-lkj",
                        "-lprotobuf"}));
        return {};
    }

    Result<std::vector<BenchRow>> rows(const std::string& output) const {
        std::map<std::string, std::map<std::string, double>> found;  // by operation and size, then by engine
        std::map<std::string, std::string> checksums;
        std::istringstream lines(output);
        std::string operation;
        std::string size;
        std::string engine;
        std::string checksum;
        double nanoseconds = 0;
        while (lines >> operation >> size >> engine >> nanoseconds >> checksum) {
            const std::string name = operation + "/" + size;
            if (const auto [known, fresh] = checksums.try_emplace(name, checksum);
                checksum == "0" || known->second != checksum) {
                return fail(Blame::Kernel,
                            fmt::format("{}: {} reads {}, another {}", name, engine, checksum, known->second));
            }
            found[name][engine] = nanoseconds;
        }
        std::vector<BenchRow> rows;
        for (const auto& [name, engines] : found) {
            for (const char* peer : {"capnp", "flatbuffers", "protobuf"}) {
                if (name.find(options_.filter) != std::string::npos) {
                    rows.push_back({name, engines.at("tessera"), "ns", peer, engines.at(peer)});
                }
            }
        }
        if (rows.empty()) {
            return fail(Blame::Caller, fmt::format("no row has \"{}\" in its name", options_.filter));
        }
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    fs::path source_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_messages(const Workspace& workspace, const BenchOptions& options) {
    return MessagesBench(workspace, options).run();
}

}  // namespace tessera::tool
