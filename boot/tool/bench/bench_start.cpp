// Starting a large program with no generated code in the image: SQLite's shell, to its first answer, and until all of
// its code is of full quality.
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/build/app_build.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAnswer = "|42";
constexpr const char* kQuery = "select sqlite_version(), 42;";
// Keeps one core busy for longer than all code takes on the other.
constexpr const char* kLongQuery =
    "with recursive c(x) as (select 1 union all select x+1 from c) select count(*), 42 from c where x % 7 = 3;";
constexpr const char* kLongTime = "timeout=40s";
// Asks $0, and waits for more: the command is one that reads questions.
constexpr const char* kAskOnce = R"({ printf '%s\n' "$0"; sleep 20; } | exec "$@")";
constexpr const char* kWasmSysroot = "/usr/lib/wasm32-wasi";
constexpr std::array kDefines{"-w",
                              "-DSQLITE_THREADSAFE=0",
                              "-DSQLITE_OMIT_LOAD_EXTENSION",
                              "-DSQLITE_OMIT_WAL",
                              "-DSQLITE_TEMP_STORE=3",
                              "-DSQLITE_ENABLE_MATH_FUNCTIONS",
                              "-I."};

// From the process's start to the answer, and the processor time of the whole process.
struct Start {
    double answer_ms = 1e300;
    double cpu_ms = 1e300;
};

class StartBench {
  public:
    StartBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/start") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(build());
        Step step("measuring");
        for (unsigned round = 0; round < options_.rounds; ++round) {
            step.update(fmt::format("measuring: round {} of {}", round + 1, options_.rounds));
            TRY_VOID(measure(two_cores_, kernel("cpus=2")));
            TRY_VOID(measure(one_core_, kernel("cpus=1")));
            TRY_VOID(measure(v8_, node({})));
            TRY_VOID(measure(v8_optimised_,
                             node({"--no-liftoff", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering"})));
        }
        step.update("measuring: clang -O0");
        TRY_VOID(measure_clang());
        step.update("measuring: full code beside a busy program");
        TRY_VOID(measure_full());
        step.update("measuring: full code of a waiting program");
        TRY_VOID(measure_waiting("waiting, 2 cores: ", "cpus=2"));
        TRY_VOID(measure_waiting("waiting, 1 core: ", "cpus=1"));
        return rows();
    }

  private:
    Result<void> build() {
        TRY_VOID(make_folder(folder_));
        const fs::path application = workspace_.root / "apps/sqlite";
        TRY_TO(const Manifest manifest, load_manifest(application, {workspace_.entry(), workspace_.sources()}));
        TRY_TO(const BuiltApp app, build_app(workspace_, manifest, CodeCache::Leave));
        bundle_ = app.bundle;
        sources_ = app.programs.front().parent_path();
        const Step step("building SQLite for V8");
        const std::string wasm = (folder_ / "sqlite.wasm").string();
        TRY_TO(const Ended library,
               run_command({.argv = {"clang-22", "--target=wasm32-wasip1", "-print-libgcc-file-name"},
                            .capture = Capture::Output}));
        std::vector<std::string> argv{"clang-22", "--target=wasm32-wasi", "-isystem", "/usr/include/wasm32-wasi"};
        argv.insert(argv.end(), kDefines.begin(), kDefines.end());
        for (const char* word : {"-O2",
                                 "-D_WASI_EMULATED_SIGNAL",
                                 "-D_WASI_EMULATED_GETPID",
                                 "-D_WASI_EMULATED_PROCESS_CLOCKS",
                                 "-DSQLITE_OS_OTHER=1",
                                 "-DSQLITE_NOHAVE_SYSTEM",
                                 "-DSQLITE_OMIT_POPEN",
                                 "-nodefaultlibs",
                                 "-nostartfiles",
                                 "-Wl,--export-memory",
                                 "sqlite3.c",
                                 "shell.c"}) {
            argv.emplace_back(word);
        }
        argv.push_back("-I" + (workspace_.root / "test/bench/wasi").string());
        argv.push_back((application / "vfs.c").string());
        for (const char* name : {"crt1-command.o",
                                 "libwasi-emulated-signal.a",
                                 "libwasi-emulated-getpid.a",
                                 "libwasi-emulated-process-clocks.a",
                                 "libc.a"}) {
            argv.push_back(fmt::format("{}/{}", kWasmSysroot, name));
        }
        argv.push_back(library.output.substr(0, library.output.find('\n')));
        argv.insert(argv.end(), {"-o", wasm});
        TRY_TO(const Ended ended, run_command({.argv = argv, .folder = sources_.string(), .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("SQLite can't be built for V8: {}", ended.output));
        }
        return {};
    }

    [[nodiscard]] std::vector<std::string> kernel(const std::string& cores) const {
        return {workspace_.hosted().string(),
                bundle_.string(),
                "trace=boot",
                "log=verbose",
                cores,
                "--",
                ":memory:",
                kQuery};
    }

    [[nodiscard]] std::vector<std::string> node(const std::vector<std::string>& flags) const {
        std::vector<std::string> argv{"node", "--no-warnings"};
        argv.insert(argv.end(), flags.begin(), flags.end());
        for (const fs::path& file : {workspace_.root / "test/bench/run-wasi.mjs", folder_ / "sqlite.wasm"}) {
            argv.push_back(file.string());
        }
        argv.insert(argv.end(), {":memory:", kQuery});
        return argv;
    }

    Result<void> measure(Start& best, const std::vector<std::string>& argv) {
        TRY_TO(const Ended ended,
               run_command({.argv = argv,
                            .capture = Capture::Both,
                            .timeout = std::chrono::minutes(2),
                            .input_file = "/dev/null",
                            .priority = -19,
                            .marker = std::string(kAnswer)}));
        if (ended.interrupted) {
            return fail(Blame::Caller, "stopped");
        }
        if (ended.marker_seconds < 0) {
            return fail(Blame::Kernel, fmt::format("{} gave no answer: {}", argv.front(), ended.output));
        }
        best.answer_ms = std::min(best.answer_ms, ended.marker_seconds * 1e3);
        best.cpu_ms = std::min(best.cpu_ms, ended.cpu_seconds * 1e3);
        if (&best == &two_cores_ || &best == &one_core_) {
            read_phases(&best == &two_cores_ ? "2 cores: " : "1 core: ", ended.output);
        }
        return {};
    }

    Result<void> measure_clang() {
        const std::string program = (folder_ / "sqlite-O0").string();
        std::vector<std::string> argv{"clang-22", "-O0"};
        argv.insert(argv.end(), kDefines.begin(), kDefines.end());
        argv.insert(argv.end(), {"sqlite3.c", "shell.c", "-lm", "-o", program});
        TRY_TO(const Ended compiled,
               run_command({.argv = argv, .folder = sources_.string(), .capture = Capture::Both, .priority = -19}));
        if (compiled.status != 0) {
            return fail(Blame::Machine, fmt::format("clang-22 failed: {}", compiled.output));
        }
        TRY_VOID(measure(clang_, {program, ":memory:", kQuery}));
        clang_.answer_ms += compiled.wall_seconds * 1e3;
        clang_.cpu_ms += compiled.cpu_seconds * 1e3;
        return {};
    }

    // The program works all the time, until it is ended.
    Result<void> measure_full() {
        TRY_TO(const Ended ended,
               run_command({.argv = {workspace_.hosted().string(),
                                     bundle_.string(),
                                     "trace=boot",
                                     "log=verbose",
                                     "cpus=2",
                                     kLongTime,
                                     "--",
                                     ":memory:",
                                     kQuery,
                                     kLongQuery},
                            .capture = Capture::Both,
                            .input_file = "/dev/null",
                            .priority = -19}));
        read_phases("busy: ", ended.output);
        return {};
    }

    // The program answers, then waits for input.
    Result<void> measure_waiting(const std::string& prefix, const std::string& cores) {
        auto argv = kernel(cores);
        argv.pop_back();
        argv.insert(argv.begin(), {"sh", "-c", kAskOnce, kQuery});
        TRY_TO(const Ended ended, run_command({.argv = argv, .capture = Capture::Both, .priority = -19}));
        read_phases(prefix, ended.output);
        return {};
    }

    // "boot-phase sqlite NAME MILLISECONDS ms", and "N functions" of the last line.
    void read_phases(const std::string& prefix, const std::string& output) {
        std::istringstream lines(output);
        std::string line;
        while (std::getline(lines, line)) {
            std::istringstream words(line.substr(std::min(line.size(), line.find("boot-phase sqlite "))));
            std::string word;
            std::string name;
            double ms = 0;
            if (words >> word >> word >> name >> ms && ms > 0) {
                const auto [place, is_new] = phases_.try_emplace(prefix + name, ms);
                place->second = std::min(place->second, ms);
            }
            if (const auto at = line.find(" functions, "); at != std::string::npos) {
                const auto number = line.rfind(' ', at - 1);
                phases_[prefix + "functions"] = std::strtod(line.c_str() + number, nullptr);
            }
        }
    }

    void add_phase(std::vector<BenchRow>& rows, const std::string& name, const std::string& phase, const char* unit) {
        if (const auto found = phases_.find(phase); found != phases_.end()) {
            rows.push_back({name, found->second, unit});
        }
    }

    std::vector<BenchRow> rows() {
        const char* const peer = "V8, lazily";
        std::vector<BenchRow> rows;
        rows.push_back({"first answer, 2 cores", two_cores_.answer_ms, "ms", peer, v8_.answer_ms});
        rows.push_back({"first answer, 1 core", one_core_.answer_ms, "ms", peer, v8_.answer_ms});
        rows.push_back({"processor time, 1 core", one_core_.cpu_ms, "ms", peer, v8_.cpu_ms});
        rows.push_back({"clang -O0, from C to its answer", clang_.answer_ms, "ms"});
        add_phase(rows, "read and check", "1 core: read-check", "ms");
        add_phase(rows, "waiting for quick code, 2 cores", "2 cores: codegen", "ms");
        add_phase(rows, "waiting for quick code, 1 core", "1 core: codegen", "ms");
        add_phase(rows, "functions called", "1 core: functions", "");
        for (const char* state : {"busy", "waiting, 2 cores", "waiting, 1 core"}) {
            add_phase(rows,
                      fmt::format("full code of what was called, {}", state),
                      fmt::format("{}: full-code-called", state),
                      "ms");
            add_phase(rows, fmt::format("full code of all, {}", state), fmt::format("{}: full-code", state), "ms");
            if (rows.back().name.starts_with("full code of all")) {
                rows.back().peer = "V8's optimising compiler, processor time";
                rows.back().peer_value = v8_optimised_.cpu_ms;
            }
        }
        return rows;
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
    fs::path bundle_;
    fs::path sources_;
    Start two_cores_;
    Start one_core_;
    Start v8_;
    Start v8_optimised_;
    Start clang_;
    std::map<std::string, double> phases_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_start(const Workspace& workspace, const BenchOptions& options) {
    return StartBench(workspace, options).run();
}

}  // namespace tessera::tool
