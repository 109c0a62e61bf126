#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/build/app_build.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRepeats = "3";  // the first warms up
constexpr int kUrgent = -19;           // so that what else runs on the machine disturbs less
constexpr const char* kWasmSysroot = "/usr/lib/wasm32-wasi";

// One way to run the kernels.
struct Engine {
    std::string name;
    std::vector<std::string> argv;  // filter and repeats follow
};

struct Measured {
    std::string checksum;
    double ms = 1e300;
};

enum class Suite { Kernels, Lua };

class CodegenBench {
  public:
    CodegenBench(const Workspace& workspace, const BenchOptions& options, Suite suite)
        : workspace_(workspace), options_(options), suite_(suite), folder_(workspace.build / "bench/codegen"),
          sources_(workspace.root / (suite == Suite::Lua ? "apps/lua" : "test/bench/kernels")) {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_VOID(suite_ == Suite::Lua ? build_lua() : build_engines());
        Step step("measuring");
        TRY_VOID(list_kernels());
        // Interleaved kernel by kernel, so that a machine that slows down for a while slows all engines.
        for (unsigned round = 0; round < options_.rounds; ++round) {
            for (const std::string& kernel : kernels_) {
                step.update(fmt::format("measuring: round {} of {}, {}", round + 1, options_.rounds, kernel));
                for (const Engine& engine : engines_) {
                    TRY_VOID(measure(engine, kernel));
                }
            }
        }
        return rows();
    }

  private:
    Result<void> tool(std::vector<std::string> argv) {
        const std::string name = argv.front();
        TRY_TO(const Ended ended,
               run_command({.argv = std::move(argv), .folder = folder_.string(), .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("{} failed: {}", name, ended.output));
        }
        return {};
    }

    Result<std::vector<std::string>> c_files() const {
        std::vector<std::string> files;
        std::error_code failure;
        for (const auto& entry : fs::directory_iterator(sources_, failure)) {
            if (entry.path().extension() == ".c") {
                files.push_back(entry.path().string());
            }
        }
        std::ranges::sort(files);
        return files;
    }

    Result<void> build_native(const std::string& name, const std::string& file, const std::vector<std::string>& more) {
        TRY_TO(const std::vector<std::string> sources, c_files());
        std::vector<std::string> argv{"clang-22", "-O3", "-ffp-contract=off", "-o", file};
        argv.insert(argv.end(), more.begin(), more.end());
        argv.insert(argv.end(), sources.begin(), sources.end());
        argv.emplace_back("-lm");
        TRY_VOID(tool(std::move(argv)));
        engines_.push_back({name, {(folder_ / file).string()}});
        return {};
    }

    Result<void> build_wasm(const std::string& file, const std::vector<std::string>& more) {
        TRY_TO(const std::vector<std::string> sources, c_files());
        std::vector<std::string> argv{"clang-22",
                                      "--target=wasm32-wasi",
                                      "-Wno-deprecated",
                                      "-isystem",
                                      "/usr/include/wasm32-wasi",
                                      "-nodefaultlibs",
                                      "-nostartfiles",
                                      fmt::format("{}/crt1-command.o", kWasmSysroot),
                                      "-O3",
                                      "-ffp-contract=off",
                                      "-Wl,--export-memory",
                                      "-o",
                                      file};
        argv.insert(argv.end(), more.begin(), more.end());
        argv.insert(argv.end(), sources.begin(), sources.end());
        argv.push_back(fmt::format("{}/libc.a", kWasmSysroot));
        return tool(std::move(argv));
    }

    Result<void> build_engines() {
        const Step step("building the kernels for each engine");
        TRY_VOID(build_native("clang -O3", "native", {}));
        TRY_TO(const Manifest manifest, load_manifest(sources_, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
        engines_.push_back({"tessera", {workspace_.hosted().string(), app.bundle.string(), "--"}});
        TRY_VOID(build_wasm("simd.wasm", {"-msimd128"}));
        engines_.push_back({"V8",
                            {"node",
                             "--no-warnings",
                             "--no-liftoff",
                             (workspace_.root / "test/bench/run-wasi.mjs").string(),
                             (folder_ / "simd.wasm").string()}});
        TRY_VOID(build_wasm("scalar.wasm", {}));
        TRY_VOID(tool({"wasm2c", "scalar.wasm", "-n", "kernels", "-o", "kernels_wasm2c.c"}));
        TRY_VOID(tool({"clang-22",
                       "-O3",
                       "-w",
                       "-ffp-contract=off",
                       "-I.",
                       "kernels_wasm2c.c",
                       (workspace_.root / "test/bench/wasm2c_host.c").string(),
                       "/usr/share/wabt/wasm2c/wasm-rt-impl.c",
                       "-I/usr/share/wabt/wasm2c",
                       "-lm",
                       "-o",
                       "wasm2c"}));
        engines_.push_back({"wasm2c", {(folder_ / "wasm2c").string()}});
        TRY_VOID(build_native("clang -O3 -march=x86-64-v3", "native-v3", {"-march=x86-64-v3"}));
        if (__builtin_cpu_supports("x86-64-v4") == 0) {
            return {};
        }
        // Told to, since clang takes vectors of 512 bits apart by itself.
        return build_native("clang -O3 -march=x86-64-v4 -mprefer-vector-width=512",
                            "native-v4",
                            {"-march=x86-64-v4", "-mprefer-vector-width=512"});
    }

    Result<void> list_kernels() {
        TRY_TO(const Ended ended, start(engines_.front(), options_.filter, "0"));
        std::istringstream lines(ended.output);
        for (std::string word, kernel; lines >> word >> kernel;) {
            kernels_.push_back(kernel);
        }
        return {};
    }

    // The same interpreter both ways. Not by wasm2c and V8: Lua needs setjmp, which wasi-libc lacks.
    Result<void> build_lua() {
        const Step step("building Lua");
        TRY_TO(const Manifest manifest, load_manifest(sources_, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Generate));
        const fs::path source = workspace_.sources() / "lua5.4/src";
        std::vector<std::string> argv{"clang-22",
                                      "-O3",
                                      "-w",
                                      "-ffp-contract=off",
                                      "-I" + sources_.string(),
                                      "-include",
                                      (workspace_.root / "test/bench/wall_clock.h").string(),
                                      "-o",
                                      "lua"};
        std::error_code failure;
        for (const auto& entry : fs::directory_iterator(source, failure)) {
            if (entry.path().extension() == ".c" && entry.path().filename() != "luac.c") {
                argv.push_back(entry.path().string());
            }
        }
        argv.emplace_back("-lm");
        TRY_VOID(tool(std::move(argv)));
        engines_.push_back({"clang -O3", {(folder_ / "lua").string(), (sources_ / "scripts/bench.lua").string()}});
        engines_.push_back(
            {"tessera", {workspace_.hosted().string(), app.bundle.string(), "--", "/scripts/bench.lua"}});
        return {};
    }

    // An engine that fails at one kernel still counts for the others.
    Result<void> measure(const Engine& engine, const std::string& kernel) {
        if (failed_.contains({engine.name, kernel})) {
            return {};
        }
        TRY_TO(const Ended ended, start(engine, "=" + kernel, kRepeats));
        if (ended.status == 0) {
            return take(engine, ended.output);
        }
        if (engine.name == engines_.front().name) {
            return fail(Blame::Machine, fmt::format("{} ended with status {}", engine.name, ended.status));
        }
        failed_.insert({engine.name, kernel});
        say(fmt::format("{} fails at {} (status {}); left out", engine.name, kernel, ended.status));
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
        return ended;
    }

    Result<void> take(const Engine& engine, const std::string& output) {
        std::istringstream lines(output);
        std::string word;
        std::string kernel;
        std::string checksum;
        double nanoseconds = 0;
        while (lines >> word >> kernel >> checksum >> nanoseconds) {
            Measured& best = results_[engine.name][kernel];
            if (!best.checksum.empty() && best.checksum != checksum) {
                return fail(Blame::Kernel,
                            fmt::format("{}: {} gave {} and {}", engine.name, kernel, best.checksum, checksum));
            }
            best.checksum = checksum;
            best.ms = std::min(best.ms, nanoseconds / 1e6);
        }
        return {};
    }

    Result<std::vector<BenchRow>> rows() {
        std::vector<BenchRow> rows;
        const std::string& base = engines_.front().name;
        for (const Engine& engine : engines_) {
            if (engine.name == base) {
                continue;
            }
            std::vector<double> ratios;
            for (const std::string& kernel : kernels_) {
                if (failed_.contains({engine.name, kernel})) {
                    continue;
                }
                const Measured& mine = results_[engine.name][kernel];
                const Measured& native = results_[base][kernel];
                if (mine.checksum != native.checksum) {
                    return fail(Blame::Kernel,
                                fmt::format("{} computes {} where native code computes {} for {}",
                                            engine.name,
                                            mine.checksum,
                                            native.checksum,
                                            kernel));
                }
                rows.push_back({fmt::format("{}/{}", engine.name, kernel), mine.ms, "ms", base, native.ms});
                ratios.push_back(rows.back().ratio());
            }
            if (ratios.empty()) {
                continue;
            }
            rows.push_back(
                {fmt::format(
                     "{}/geometric mean of {}{}", engine.name, suite_ == Suite::Lua ? "Lua's " : "", ratios.size()),
                 geometric_mean(ratios),
                 "ratio",
                 base,
                 1.0});
        }
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    Suite suite_;
    fs::path folder_;
    fs::path sources_;
    std::vector<Engine> engines_;
    std::vector<std::string> kernels_;
    std::set<std::pair<std::string, std::string>> failed_;  // engine, kernel
    std::map<std::string, std::map<std::string, Measured>> results_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_codegen(const Workspace& workspace, const BenchOptions& options) {
    TRY_TO(std::vector<BenchRow> rows, CodegenBench(workspace, options, Suite::Kernels).run());
    TRY_TO(const std::vector<BenchRow> more, CodegenBench(workspace, options, Suite::Lua).run());
    rows.insert(rows.end(), more.begin(), more.end());
    if (rows.empty()) {
        return fail(Blame::Caller, fmt::format("no kernel has \"{}\" in its name", options.filter));
    }
    return rows;
}

}  // namespace tessera::tool
