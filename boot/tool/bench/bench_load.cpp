#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/bench/benches.h"

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
    double bytes = 0;       // of the .sir
    double peak_kib = 0;    // what reading and checking took at most
    double module_kib = 0;  // the checked module in memory
};

// A real program, as one C file with one name to the outside: its copies differ in that name alone.
struct Subject {
    const char* name;
    const char* package;
    std::vector<std::string> flags;
    std::string wrapper;  // C text; defines `int tessera_copy_000(void)`, which uses enough to keep the whole
};

constexpr std::string_view kCopyName = "tessera_copy_000";

Subject sqlite(const fs::path& amalgamation) {
    return {"SQLite",
            "sqlite3",
            {"-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_THREADSAFE=0", "-DSQLITE_OS_OTHER=1", "-DSQLITE_OMIT_WAL"},
            fmt::format("#define SQLITE_API static\n#define SQLITE_EXTERN static\n#include \"{}\"\n"
                        "int sqlite3_os_init(void) {{ return SQLITE_OK; }}\n"
                        "int sqlite3_os_end(void) {{ return SQLITE_OK; }}\n"
                        "int {}(void) {{\n    sqlite3 *db;\n    if (sqlite3_open(\":memory:\", &db)) return 1;\n"
                        "    const int status = sqlite3_exec(db, \"create table t(x);\", 0, 0, 0);\n"
                        "    sqlite3_close(db);\n    return status;\n}}\n",
                        amalgamation.string(),
                        kCopyName)};
}

// Lua's sources can be one unit: the order below is that of its own "ltests" build.
Subject lua(const fs::path& source, const fs::path& headers) {
    std::string text = "#define LUA_CORE\n#define LUA_LIB\n#define ltable_c\n#define lvm_c\n#include \"lprefix.h\"\n"
                       "#include <assert.h>\n#include <ctype.h>\n#include <errno.h>\n#include <float.h>\n"
                       "#include <limits.h>\n#include <locale.h>\n#include <math.h>\n#include <setjmp.h>\n"
                       "#include <signal.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdio.h>\n"
                       "#include <stdlib.h>\n#include <string.h>\n#include <time.h>\n#include \"luaconf.h\"\n"
                       "#undef LUAI_FUNC\n#undef LUAI_DDEC\n#undef LUAI_DDEF\n#define LUAI_FUNC static\n"
                       "#define LUAI_DDEC(def)\n#define LUAI_DDEF static\n#undef LUA_API\n#undef LUALIB_API\n"
                       "#undef LUAMOD_API\n#define LUA_API static\n#define LUALIB_API static\n"
                       "#define LUAMOD_API static\n#define lua_ident tessera_copy_000_ident\n";
    for (const char* part : {"lzio",   "lctype",   "lopcodes", "lmem",   "lundump", "ldump",    "lstate",   "lgc",
                             "llex",   "lcode",    "lparser",  "ldebug", "lfunc",   "lobject",  "ltm",      "lstring",
                             "ltable", "ldo",      "lvm",      "lapi",   "lauxlib", "lbaselib", "lcorolib", "ldblib",
                             "liolib", "lmathlib", "loadlib",  "loslib", "lstrlib", "ltablib",  "lutf8lib", "linit"}) {
        text += fmt::format("#include \"{}.c\"\n", part);
    }
    text += fmt::format("int {}(void) {{\n    lua_State *L = luaL_newstate();\n    luaL_openlibs(L);\n"
                        "    const int status = luaL_dostring(L, \"print(1)\");\n    lua_close(L);\n"
                        "    return status;\n}}\n",
                        kCopyName);
    return {"Lua", "lua5.4", {"-I" + source.string(), "-I" + headers.string()}, text};
}

class LoadBench {
  public:
    LoadBench(const Workspace& workspace, const BenchOptions& options)
        : workspace_(workspace), options_(options), folder_(workspace.build / "bench/load") {}

    Result<std::vector<BenchRow>> run() {
        TRY_VOID(make_folder(folder_));
        TRY_VOID(fetch("test/bench/fetch-sqlite", {folder_.string()}));
        TRY_VOID(fetch("apps/sdk/fetch-source", {"lua5.4"}));
        std::vector<BenchRow> rows;
        TRY_VOID(add_rows(rows, sqlite(folder_ / "sqlite3.c"), {1}));
        TRY_VOID(add_llvm(rows));
        TRY_VOID(add_rows(rows, lua(workspace_.sources() / "lua5.4/src", workspace_.root / "apps/lua"), {1, 10, 100}));
        return rows;
    }

  private:
    // One program of so many copies each. The rows of more than one are measured against the first.
    Result<void> add_rows(std::vector<BenchRow>& rows, const Subject& subject, const std::vector<unsigned>& counts) {
        double first = 0;
        TRY_TO(const std::string object, compile(subject));
        for (const unsigned copies : counts) {
            TRY_TO(const fs::path sir, build(subject, object, copies));
            TRY_TO(const Reading reading, measure(sir, copies));
            const std::string name = fmt::format("{} x{}", subject.name, copies);
            const double each = reading.ms * 1e6 / reading.instructions;
            first = first == 0 ? each : first;
            rows.push_back({name + ": read and check", reading.ms, "ms"});
            rows.push_back({name + ": instructions", reading.instructions, ""});
            rows.push_back({name + ": per instruction", each, "ns", "x1", first});
            rows.push_back(
                {name + ": for 110,000 instructions", reading.ms * kTargetInstructions / reading.instructions, "ms"});
            rows.push_back({name + ": peak memory",
                            reading.peak_kib / 1024,
                            "MiB",
                            "the checked module itself, MiB",
                            reading.module_kib / 1024});
            rows.push_back({name + ": size of the .sir", reading.bytes / 0x1p20, "MiB"});
        }
        return {};
    }

    Result<void> fetch(const char* script, const std::vector<std::string>& words) {
        const Step step(fmt::format("fetching sources from Debian ({})", words.back()));
        std::vector<std::string> argv{(workspace_.root / script).string()};
        if (std::string_view(script).starts_with("test/")) {
            argv.push_back(workspace_.root.string());
        }
        argv.push_back(workspace_.sources().string());
        argv.insert(argv.end(), words.begin(), words.end());
        TRY_TO(const Ended ended, run_command({.argv = argv, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Machine, fmt::format("{} failed: {}", script, ended.output));
        }
        return {};
    }

    // The object's bytes. They hold its outside name as it is, so that a copy is made by writing another of its length.
    Result<std::string> compile(const Subject& subject) {
        const fs::path source = folder_ / fmt::format("{}-copy.c", subject.package);
        const fs::path object = folder_ / fmt::format("{}-copy.o", subject.package);
        Step step(fmt::format("compiling {}", subject.name));
        TRY_VOID(write_file(source, subject.wrapper));
        std::vector<std::string> words{workspace_.compiler().string(), "cc", "-O2", "-c", "-w"};
        words.insert(words.end(), subject.flags.begin(), subject.flags.end());
        words.insert(words.end(), {source.string(), "-o", object.string()});
        TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program, ended.output);
        }
        return read_file(object);
    }

    Result<fs::path> build(const Subject& subject, const std::string& object, unsigned copies) {
        const fs::path product = folder_ / fmt::format("{}-x{}.sir", subject.package, copies);
        const Step step(fmt::format("linking {} x{}", subject.name, copies));
        const fs::path main_file = folder_ / fmt::format("main{}.c", copies);
        std::vector<std::string> words{
            workspace_.compiler().string(), "cc", "-O2", "-o", product.string(), main_file.string()};
        std::string declarations;
        std::string calls;
        for (unsigned copy = 0; copy < copies; ++copy) {
            const std::string name = fmt::format("tessera_copy_{:03}", copy);
            std::string bytes = object;
            for (std::size_t at = bytes.find(kCopyName); at != std::string::npos; at = bytes.find(kCopyName, at)) {
                bytes.replace(at, name.size(), name);
                at += name.size();
            }
            words.push_back((folder_ / fmt::format("copy{}.o", copy)).string());
            TRY_VOID(write_file(words.back(), bytes));
            declarations += fmt::format("int {}(void);\n", name);
            calls += fmt::format("    all += {}();\n", name);
        }
        TRY_VOID(write_file(
            main_file,
            fmt::format("{}int main(void) {{\n    int all = 0;\n{}    return all;\n}}\n", declarations, calls)));
        TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program, ended.output);
        }
        return product;
    }

    Result<Reading> measure(const fs::path& sir, unsigned copies) {
        const Step step(fmt::format("measuring {}", sir.filename().string()));
        // Time from many rounds, memory from a process that did it once.
        TRY_TO(const Reading timed, inspect(sir, copies >= 100 ? 3 : options_.rounds));
        TRY_TO(Reading reading, inspect(sir, 1));
        reading.ms = std::min(reading.ms, timed.ms);
        return reading;
    }

    Result<Reading> inspect(const fs::path& sir, unsigned rounds) {
        TRY_TO(const Ended ended,
               run_command({.argv = {workspace_.inspector().string(), "time", std::to_string(rounds), sir.string()},
                            .capture = Capture::Both,
                            .priority = -19}));
        try {
            const nlohmann::json answer = nlohmann::json::parse(ended.output);
            return Reading{answer.at("ms"),
                           answer.at("instructions"),
                           answer.at("bytes"),
                           answer.at("peak_kib"),
                           answer.at("module_kib")};
        } catch (const nlohmann::json::exception&) {
            return fail(Blame::Kernel, fmt::format("{}: {}", sir.string(), ended.output));
        }
    }

    // LLVM's own way with the same program: its bitcode reader and verifier, in the same run.
    Result<void> add_llvm(std::vector<BenchRow>& rows) {
        const fs::path bitcode = folder_ / "sqlite3-copy.o";
        double best = 1e300;
        for (unsigned i = 0; i < options_.rounds; ++i) {
            TRY_TO(const Ended ended,
                   run_command({.argv = {"opt-22", "-passes=verify", "-disable-output", bitcode.string()},
                                .capture = Capture::Both,
                                .priority = -19}));
            if (ended.status != 0) {
                return fail(Blame::Machine, fmt::format("opt-22 failed: {}", ended.output));
            }
            best = std::min(best, ended.cpu_seconds * 1e3);
        }
        rows.front().peer = "opt-22 -passes=verify (all)";
        rows.front().peer_value = best;
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
