#include "boot/image/benches.h"
#include "boot/image/files.h"
#include "boot/image/process.h"
#include "boot/image/progress.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

// The measure of a large program: SQLite, 110,000 instructions, and LLVM's own reader and verifier on it.
constexpr double kTargetInstructions = 110000;

struct Reading {
    double ms = 0;
    double instructions = 0;
    double bytes = 0;
    double peak_kib = 0;
};

class LoadBench {
  public:
    LoadBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/load") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_TO(const fs::path amalgamation, fetch());
        std::vector<BenchRow> rows;
        std::vector<Reading> readings;
        // Copies in one program: 1, 10 and, where memory allows, 100.
        for (const unsigned copies : {1U, 10U, 100U}) {
            const auto sir = build(amalgamation, copies);
            if (!sir) {
                say(fmt::format("{} copies: {}", copies, sir.error().text));
                break;
            }
            TRY_TO(const Reading reading, measure(*sir, copies));
            readings.push_back(reading);
            const std::string name = fmt::format("SQLite x{}", copies);
            rows.push_back({name + ": read and check", reading.ms, "ms"});
            rows.push_back({name + ": instructions", reading.instructions, ""});
            rows.push_back({name + ": per instruction",
                            reading.ms * 1e6 / reading.instructions,
                            "ns",
                            "x1",
                            readings[0].ms * 1e6 / readings[0].instructions});
            rows.push_back(
                {name + ": for 110,000 instructions", reading.ms * kTargetInstructions / reading.instructions, "ms"});
            rows.push_back({name + ": peak memory",
                            reading.peak_kib / 1024,
                            "MiB",
                            "size of the .sir, MiB",
                            reading.bytes / 0x1p20});
        }
        TRY_VOID(add_llvm(rows, readings));
        return rows;
    }

  private:
    Result<fs::path> fetch() {
        const Step step("fetching SQLite's source from Debian");
        TRY_TO(const Ended ended,
               run_command({.argv = {(workspace_.root / "test/bench/fetch-sqlite").string(),
                                     workspace_.root.string(),
                                     workspace_.sources().string(),
                                     folder_.string()},
                            .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("could not make SQLite's one-file source: {}", ended.output));
        }
        return folder_ / "sqlite3.c";
    }

    Result<fs::path> compile(const fs::path& source, unsigned copy) {
        const fs::path object = folder_ / fmt::format("sqlite{}.o", copy);
        std::error_code failure;
        if (fs::exists(object, failure) &&
            fs::last_write_time(object, failure) > fs::last_write_time(workspace_.compiler(), failure)) {
            return object;
        }
        // Each copy's outside names are its own: the amalgamation gives them all one prefix.
        TRY_TO(const Ended ended,
               run_command({.argv = {workspace_.compiler().string(),
                                     "cc",
                                     "-O2",
                                     "-c",
                                     "-w",
                                     "-DSQLITE_OMIT_LOAD_EXTENSION",
                                     "-DSQLITE_THREADSAFE=0",
                                     "-DSQLITE_OS_OTHER=1",
                                     "-DSQLITE_OMIT_WAL",
                                     fmt::format("-DTESSERA_COPY={}", copy),
                                     source.string(),
                                     "-o",
                                     object.string()},
                            .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program, ended.output);
        }
        return object;
    }

    Result<fs::path> build(const fs::path& amalgamation, unsigned copies) {
        const fs::path product = folder_ / fmt::format("sqlite-x{}.sir", copies);
        std::vector<std::string> words{workspace_.compiler().string(), "cc", "-o", product.string()};
        Step step(fmt::format("compiling SQLite x{}", copies));
        std::string calls = "int sqlite3_initialize_0(void);\nint main(void) {\n    int all = 0;\n";
        std::string declarations;
        for (unsigned copy = 0; copy < copies; ++copy) {
            const fs::path wrapper = folder_ / fmt::format("copy{}.c", copy);
            TRY_VOID(write_file(wrapper, wrapper_source(amalgamation, copy)));
            step.update(fmt::format("compiling SQLite x{}: {}", copies, copy + 1));
            TRY_TO(const fs::path object, compile(wrapper, copy));
            words.push_back(object.string());
            declarations += fmt::format("int tessera_sqlite_{}(void);\n", copy);
            calls += fmt::format("    all += tessera_sqlite_{}();\n", copy);
        }
        const fs::path main_file = folder_ / fmt::format("main{}.c", copies);
        TRY_VOID(write_file(main_file,
                            fmt::format("{}int main(void) {{\n    int all = 0;\n{}    return all;\n}}\n",
                                        declarations,
                                        calls.substr(calls.find("all = 0;\n") + 9))));
        words.push_back(main_file.string());
        step.update(fmt::format("linking SQLite x{}", copies));
        TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program, ended.output);
        }
        return product;
    }

    // The whole library as one file's own, reached through a function that uses enough of it to keep all of it.
    static std::string wrapper_source(const fs::path& amalgamation, unsigned copy) {
        return fmt::format(
            "#define SQLITE_API static\n#define SQLITE_EXTERN static\n#include \"{}\"\n"
            "int sqlite3_os_init(void) {{ return SQLITE_OK; }}\nint sqlite3_os_end(void) {{ return SQLITE_OK; }}\n"
            "int tessera_sqlite_{}(void) {{\n    sqlite3 *db;\n    if (sqlite3_open(\":memory:\", &db)) return 1;\n"
            "    const int status = sqlite3_exec(db, \"create table t(x); insert into t values(1);\", 0, 0, 0);\n"
            "    sqlite3_close(db);\n    return status;\n}}\n",
            amalgamation.string(),
            copy);
    }

    Result<Reading> measure(const fs::path& sir, unsigned copies) {
        const Step step(fmt::format("measuring SQLite x{}", copies));
        const unsigned rounds = copies >= 100 ? 1 : options_.rounds;
        // Time from many rounds, memory from a process that did it once.
        TRY_TO(const Reading timed, inspect(sir, rounds));
        TRY_TO(const Reading once, inspect(sir, 1));
        Reading reading = timed;
        reading.peak_kib = once.peak_kib;
        return reading;
    }

    Result<Reading> inspect(const fs::path& sir, unsigned rounds) {
        TRY_TO(const Ended ended,
               run_command({.argv = {workspace_.inspector().string(), "time", std::to_string(rounds), sir.string()},
                            .capture = Capture::Both,
                            .priority = -19}));
        try {
            const nlohmann::json answer = nlohmann::json::parse(ended.output);
            return Reading{answer.at("ms"), answer.at("instructions"), answer.at("bytes"), answer.at("peak_kib")};
        } catch (const nlohmann::json::exception&) {
            return fail(Blame::Kernel, fmt::format("{}: {}", sir.string(), ended.output));
        }
    }

    // LLVM's own way with the same program: its bitcode reader and verifier, in the same run.
    Result<void> add_llvm(std::vector<BenchRow>& rows, const std::vector<Reading>& readings) {
        if (readings.empty()) {
            return fail(Blame::Program, "SQLite does not compile to safe IR yet; nothing to measure");
        }
        const fs::path bitcode = folder_ / "sqlite0.o";
        double best = 1e300;
        for (unsigned i = 0; i < options_.rounds; ++i) {
            TRY_TO(const Ended ended,
                   run_command({.argv = {"opt-22", "-passes=verify", "-disable-output", bitcode.string()},
                                .capture = Capture::Both,
                                .priority = -19}));
            if (ended.status != 0) {
                return {};
            }
            best = std::min(best, ended.cpu_seconds * 1e3);
        }
        rows.push_back({"SQLite x1: read and check", readings[0].ms, "ms", "opt-22 -passes=verify (all)", best});
        return {};
    }

    const Workspace& workspace_;
    const BenchOptions& options_;
    fs::path folder_;
};

}  // namespace

Result<std::vector<BenchRow>> bench_load(const Workspace& workspace, const BenchOptions& options) {
    return LoadBench(workspace, options).run();
}

}  // namespace tessera::tool
