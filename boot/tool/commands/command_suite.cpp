// tessera test --suite: compiles and runs single-file C programs on the hosted platform, many at a time. A program
// passes if it ends with status 0. Compiler, program and kernel are processes behind a fence: whatever one of them
// does, the others are not disturbed.
#include "boot/bundle/writer.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/commands/commands.h"
#include "boot/tool/commands/suite_options.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <thread>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

// A compiler that is lost in its input; ordinary programs of a suite take a tenth of a second.
constexpr std::chrono::seconds kCompileTimeMax{60};
constexpr std::uint64_t kCompileMemoryMax = 4ULL << 30U;
constexpr std::uint64_t kProgramMemoryMax = 1ULL << 30U;
// Behind the kernel's own time limit, for a kernel that does not keep it.
constexpr std::chrono::seconds kRunSlack{10};
constexpr std::size_t kCauseLengthMax = 300;
constexpr std::size_t kProgressEvery = 100;
constexpr int kStatusRefused = 126;

enum class Stage : unsigned char { Passed, Compile, Lower, Check, Run };

std::string_view name_of(Stage stage) {
    constexpr std::string_view kNames[] = {"pass", "compile", "lower", "check", "run"};
    return kNames[static_cast<std::size_t>(stage)];
}

struct Verdict {
    Stage stage = Stage::Passed;  // where it failed
    std::string cause{};
    double seconds = 0;
};

// The first line with `needle` in it, else the last line that is not empty.
std::string telling_line(std::string_view output, std::string_view needle) {
    std::string_view last;
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        output.remove_prefix(std::min(end + 1, output.size()));
        if (!needle.empty() && line.find(needle) != std::string_view::npos) {
            last = line;
            break;
        }
        last = line.empty() ? last : line;
    }
    std::string text(last.substr(0, kCauseLengthMax));
    // A program may print anything; a report is lines of text.
    std::ranges::replace_if(text, [](unsigned char c) { return c < 32 || c > 126; }, '?');
    return text;
}

class Suite {
  public:
    Suite(const Workspace& workspace, const SuiteOptions& options, const fs::path& scratch)
        : workspace_(workspace), options_(options), scratch_(scratch), verdicts_(options.files.size()) {}

    int run() {
        if (!have_plus_plus_library()) {
            return 1;
        }
        {
            std::vector<std::jthread> workers;
            const unsigned jobs =
                options_.jobs != 0 ? options_.jobs : std::max(1U, std::thread::hardware_concurrency());
            for (std::size_t i = 1; i < std::min<std::size_t>(jobs, verdicts_.size()); ++i) {
                workers.emplace_back([this] { work(); });
            }
            work();
        }
        if (interrupted()) {
            say("stopped");
            return 130;
        }
        const auto passed = std::ranges::count(verdicts_, Stage::Passed, &Verdict::stage);
        const auto failed = static_cast<std::ptrdiff_t>(verdicts_.size()) - passed;
        if (!options_.json.empty()) {
            if (const auto written = write_file(options_.json, as_json()); !written) {
                say_error(written.error().text);
                return 1;
            }
        }
        fmt::print("{} passed, {} failed\n", passed, failed);
        return failed == 0 ? 0 : 1;
    }

  private:
    // Made when C++ is first compiled, which takes longer than a program of a suite may.
    bool have_plus_plus_library() {
        const bool needed = std::ranges::any_of(options_.files, [](const fs::path& file) {
            return file.extension() == ".cpp" || file.extension() == ".cc" || file.extension() == ".cxx";
        });
        if (!needed) {
            return true;
        }
        const auto made =
            run_command({.argv = {workspace_.compiler().string(), "cc", "-fsyntax-only", "-x", "c++", "/dev/null"}});
        return made && made->status == 0;
    }

    void work() {
        for (std::size_t i = next_++; i < verdicts_.size() && !interrupted(); i = next_++) {
            const fs::path folder = scratch_ / std::to_string(i);
            verdicts_[i] = judge(options_.files[i], folder);
            std::error_code ignored;
            fs::remove_all(folder, ignored);
            if (!interrupted()) {
                report(i);
            }
        }
    }

    Verdict judge(const fs::path& source, const fs::path& folder) {
        const auto begin = std::chrono::steady_clock::now();
        Result<Verdict> verdict = try_to_judge(source, folder);
        if (!verdict) {
            verdict = Verdict{Stage::Compile, verdict.error().text};
        }
        verdict->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return *verdict;
    }

    Result<Verdict> try_to_judge(const fs::path& source, const fs::path& folder) {
        std::error_code failure;
        if (!fs::is_regular_file(source, failure)) {
            return Verdict{Stage::Compile, "there is no such file"};
        }
        TRY_VOID(make_folder(folder));
        const fs::path sir = folder / "program.sir";
        TRY_TO(const Verdict compiled, compile(source, sir));
        if (compiled.stage != Stage::Passed) {
            return compiled;
        }
        const fs::path bundle = folder / "bundle";
        TRY_VOID(pack(source.stem().string(), sir, bundle));
        return run(bundle);
    }

    Result<Verdict> compile(const fs::path& source, const fs::path& sir) {
        std::vector<std::string> words{workspace_.compiler().string(), "cc"};
        words.insert(words.end(), options_.compiler.begin(), options_.compiler.end());
        words.insert(words.end(), {source.string(), "-o", sir.string()});
        TRY_TO(const Ended ended,
               run_command({.argv = std::move(words),
                            .environment = {{"TMPDIR", sir.parent_path().string()}},
                            .capture = Capture::Both,
                            .timeout = kCompileTimeMax,
                            .input_file = "/dev/null",
                            .fence = Command::Fence{.memory_bytes_max = kCompileMemoryMax}}));
        if (ended.timed_out) {
            return Verdict{Stage::Compile, fmt::format("the compiler did not end in {} s", kCompileTimeMax.count())};
        }
        if (ended.status == 0) {
            return Verdict{};
        }
        // Clang counts its errors in its last line; what follows clang does not.
        const bool by_clang = ended.output.find(" generated.\n") != std::string::npos &&
                              ended.output.find("tessera cc: error") == std::string::npos;
        return Verdict{by_clang ? Stage::Compile : Stage::Lower, telling_line(ended.output, "error: ")};
    }

    static Result<void> pack(const std::string& name, const fs::path& sir, const fs::path& bundle) {
        TRY_TO(const std::string text, read_file(sir));
        std::vector<std::byte> bytes(text.size());
        if (!text.empty()) {
            std::memcpy(bytes.data(), text.data(), text.size());
        }
        bundle::Program program;
        program.name = name;
        program.memory_bytes = kProgramMemoryMax;
        for (const auto kind : {bundle::GrantKind::Console,
                                bundle::GrantKind::Clock,
                                bundle::GrantKind::Random,
                                bundle::GrantKind::Cores}) {
            program.grants.push_back({kind, "", ""});
        }
        bundle::Writer writer;
        writer.add_program(std::move(program), std::move(bytes), {});
        TRY_TO(const std::vector<std::byte> image, writer.finish());
        return write_file(bundle, {reinterpret_cast<const char*>(image.data()), image.size()});
    }

    Result<Verdict> run(const fs::path& bundle) {
        TRY_TO(const Ended ended,
               run_command({.argv = {workspace_.hosted().string(),
                                     bundle.string(),
                                     fmt::format("timeout={}ms", options_.timeout.count())},
                            .folder = bundle.parent_path().string(),
                            .capture = Capture::Both,
                            .timeout = options_.timeout + kRunSlack,
                            .input_file = "/dev/null",
                            .fence = Command::Fence{}}));
        if (ended.timed_out) {
            return Verdict{Stage::Run, "the kernel did not keep the time limit"};
        }
        if (ended.status == 0) {
            return Verdict{};
        }
        const std::size_t at = ended.output.find("tessera: program ");
        const bool said = at != std::string::npos;
        // The program may have been in the middle of a line.
        const std::string line =
            telling_line(std::string_view(ended.output).substr(said ? at : 0), said ? "tessera: program " : "");
        const Stage stage = ended.status == kStatusRefused && said ? Stage::Check : Stage::Run;
        return Verdict{stage, said ? line : fmt::format("status {}{}{}", ended.status, line.empty() ? "" : ": ", line)};
    }

    void report(std::size_t index) {
        const Verdict& verdict = verdicts_[index];
        const std::lock_guard held(lock_);
        ++done_;
        failed_ += verdict.stage == Stage::Passed ? 0 : 1;
        if (verdict.stage != Stage::Passed) {
            fmt::print("FAIL  {}: {}: {}\n", options_.files[index].string(), name_of(verdict.stage), verdict.cause);
            std::fflush(stdout);
        }
        if (done_ % kProgressEvery == 0 && done_ < verdicts_.size()) {
            say(fmt::format("{} of {} programs, {} failed", done_, verdicts_.size(), failed_));
        }
    }

    [[nodiscard]] std::string as_json() const {
        nlohmann::json all = nlohmann::json::array();
        for (std::size_t i = 0; i < verdicts_.size(); ++i) {
            const Verdict& verdict = verdicts_[i];
            nlohmann::json one{{"file", options_.files[i].string()},
                               {"result", verdict.stage == Stage::Passed ? "pass" : "fail"},
                               {"seconds", verdict.seconds}};
            if (verdict.stage != Stage::Passed) {
                one["stage"] = name_of(verdict.stage);
                one["cause"] = verdict.cause;
            }
            all.push_back(std::move(one));
        }
        return all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    }

    const Workspace& workspace_;
    const SuiteOptions& options_;
    const fs::path& scratch_;
    std::vector<Verdict> verdicts_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex lock_;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
};

Result<int> run_suite(const Workspace& workspace, const std::vector<std::string>& words) {
    TRY_TO(const SuiteOptions options, parse_suite_words(words));
    if (options.files.empty()) {
        return fail(Blame::Caller, "--suite: no files are named; give C files, folders, or @LIST");
    }
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    return Suite(workspace, options, scratch.path()).run();
}

}  // namespace

int suite_command(const Workspace& workspace, const std::vector<std::string>& words) {
    const Result<int> status = run_suite(workspace, words);
    if (!status) {
        say_error(status.error().text);
        return 2;
    }
    return *status;
}

}  // namespace tessera::tool
