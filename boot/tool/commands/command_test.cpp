// tessera test: builds and runs every test, and closes with the plain line "N passed, N failed".
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/commands/commands.h"
#include "boot/tool/commands/test_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <system_error>
#include <thread>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

struct Sanitizer {
    const char* name;                 // of its build folder, and of the suite that asks for it
    std::vector<const char*> suites;  // further ones that run under it
    const char* meson_value;
    std::vector<std::pair<std::string, std::string>> environment;
};

const std::vector<Sanitizer>& sanitizers() {
    // LLVM's shared library is not instrumented: containers that it changed would be reported
    // as overflowing, and what it allocated as freed the wrong way.
    static const std::vector<Sanitizer> all = {
        {"asan",
         {"asan", "safeir"},
         "address,undefined",
         {{"ASAN_OPTIONS",
           "detect_container_overflow=0:alloc_dealloc_mismatch=0:detect_leaks=0:allow_user_segv_handler=1"},
          {"UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1"}}},
        {"tsan", {"tsan"}, "thread", {{"TSAN_OPTIONS", "halt_on_error=1"}}},
    };
    return all;
}

bool runs_under(const TestProgram& program, const Sanitizer& sanitizer) {
    return std::ranges::any_of(sanitizer.suites, [&](const char* suite) { return program.in_suite(suite); });
}

class TestSession {
  public:
    TestSession(const Workspace& workspace, const TestOptions& options) : workspace_(workspace), options_(options) {}

    int run() {
        const Result<std::vector<TestProgram>> listed = list_tests(workspace_.build);
        if (!listed) {
            say_error(listed.error().text);
            return 1;
        }
        std::vector<TestProgram> chosen = choose(*listed);
        if (options_.list) {
            for (const TestProgram& program : chosen) {
                fmt::print("{:<40} {}\n", program.name, fmt::join(program.suites, " "));
            }
            return 0;
        }
        run_plain(chosen);
        if (!options_.quick) {
            for (const Sanitizer& sanitizer : sanitizers()) {
                run_sanitized(sanitizer, chosen);
            }
        }
        if (interrupted()) {
            say("stopped");
            return 130;
        }
        if (total_.passed + total_.failed == 0) {
            say_error(fmt::format("no test fits \"{}\"; `tessera test --list` shows all", options_.filter));
            return 1;
        }
        fmt::print("{}{} passed, {} failed\n",
                   times_.size() > 3 ? table_of_times(times_) + "\n" : "",
                   total_.passed,
                   total_.failed);
        return total_.failed == 0 ? 0 : 1;
    }

  private:
    std::vector<TestProgram> choose(const std::vector<TestProgram>& all) {
        std::vector<TestProgram> chosen;
        std::ranges::copy_if(all, std::back_inserter(chosen), [this](const TestProgram& program) {
            return (options_.filter.empty() || program.name.find(options_.filter) != std::string::npos) &&
                   !(options_.quick && program.in_suite("qemu"));
        });
        if (chosen.empty() && !options_.filter.empty()) {
            // No program of that name: the filter is for cases, of programs that have them.
            case_filter_ = "*" + options_.filter + "*";
            std::ranges::copy_if(all, std::back_inserter(chosen), [this](const TestProgram& program) {
                return program.argv.size() == 1 && program.argv[0].starts_with(workspace_.build.string()) &&
                       !(options_.quick && program.in_suite("qemu"));
            });
        }
        return chosen;
    }

    void build_or_count(const fs::path& build,
                        const std::vector<std::string>& options,
                        std::vector<TestProgram>& programs,
                        const std::string& label) {
        const Step step(fmt::format("building {}tests", label));
        auto built = build_tests(workspace_.root, build, options, programs);
        if (!built) {
            fmt::print("FAIL  {}build\n{}\n", label, built.error().text);
            ++total_.failed;
            programs.clear();
            return;
        }
        built->name = fmt::format("{}build", label);
        times_.push_back(std::move(*built));
    }

    void run_plain(std::vector<TestProgram> programs) {
        build_or_count(workspace_.build, {}, programs, "");
        put_longest_first(programs);
        // Machines last: they take longest, and what is wrong in a part is clearer from the part's own test.
        std::vector<TestProgram> last;
        std::ranges::copy_if(
            programs, std::back_inserter(last), [](const TestProgram& p) { return p.in_suite("qemu"); });
        std::erase_if(programs, [](const TestProgram& p) { return p.in_suite("qemu"); });
        const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
        const RunPlan plan{.label = "", .case_filter = case_filter_, .environment = environment(), .jobs = jobs};
        total_ += run_tests(programs, plan, times_);
        total_ += run_tests(last, plan, times_);
    }

    void run_sanitized(const Sanitizer& sanitizer, const std::vector<TestProgram>& programs) {
        if (interrupted() ||
            std::ranges::none_of(programs, [&](const TestProgram& p) { return runs_under(p, sanitizer); })) {
            return;
        }
        const std::string label = fmt::format("{} ", sanitizer.name);
        const fs::path build = workspace_.build / sanitizer.name;
        const std::vector<std::string> options{fmt::format("-Db_sanitize={}", sanitizer.meson_value),
                                               "-Db_lundef=false",
                                               "-Doptimization=1",
                                               fmt::format("-Dplain_build={}", workspace_.build.string())};
        std::vector<TestProgram> mine;
        build_or_count(build, options, mine, label);  // configures; the list of tests is known only then
        const auto listed = list_tests(build);
        if (!listed) {
            ++total_.failed;
            return;
        }
        for (const TestProgram& program : *listed) {
            if (runs_under(program, sanitizer) &&
                std::ranges::any_of(programs, [&](const TestProgram& p) { return p.name == program.name; })) {
                mine.push_back(program);
            }
        }
        build_or_count(build, options, mine, label);
        put_longest_first(mine);
        auto variables = environment();
        variables.insert(variables.end(), sanitizer.environment.begin(), sanitizer.environment.end());
        total_ += run_tests(mine,
                            {.label = label,
                             .case_filter = case_filter_,
                             .environment = variables,
                             .jobs = std::max(1U, std::thread::hardware_concurrency())},
                            times_);
    }

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> environment() const {
        return {{"TESSERA_ROOT", workspace_.root.string()}, {"TESSERA_BUILD", workspace_.build.string()}};
    }

    const Workspace& workspace_;
    const TestOptions& options_;
    std::string case_filter_;
    Count total_;
    std::vector<Taken> times_;
};

// Runs one of the test programs with further words, its output as it comes.
int run_with(const Workspace& workspace, const std::string& name, const std::vector<std::string>& words) {
    const auto listed = list_tests(workspace.build);
    if (!listed) {
        say_error(listed.error().text);
        return 1;
    }
    const auto program = std::ranges::find(*listed, name, &TestProgram::name);
    if (program == listed->end()) {
        say_error(fmt::format("there is no test {}", name));
        return 1;
    }
    {
        const Step step(fmt::format("building {}", name));
        if (const auto built = build_tests(workspace.root, workspace.build, {}, {*program}); !built) {
            say_error(built.error().text);
            return 1;
        }
    }
    auto argv = program->argv;
    argv.insert(argv.end(), words.begin(), words.end());
    const auto ended = run_command({.argv = argv});
    if (!ended) {
        say_error(ended.error().text);
        return 1;
    }
    return ended->signal != 0 ? 128 + ended->signal : ended->status;
}

}  // namespace

// Random programs, mutants of programs that people wrote, and one boot of the machine with random programs, which takes
// about a second for each. Stops at the first that finds something.
static int fuzz(const Workspace& workspace, unsigned seconds) {
    constexpr unsigned kBootedMax = 100;
    const unsigned applications = std::max(1U, seconds / 4);
    const unsigned booted = std::clamp(seconds / 8, 1U, kBootedMax);
    const unsigned random = std::max(1U, seconds - std::min(seconds, applications + booted));
    // Each time others.
    const auto first = static_cast<std::uint32_t>(std::chrono::system_clock::now().time_since_epoch().count());
    int status = run_with(workspace, "safeir/escape", {"--from", std::to_string(first), std::to_string(random)});
    if (status == 0) {
        status =
            run_with(workspace, "safeir/applications", {"--from", std::to_string(first), std::to_string(applications)});
    }
    if (status == 0) {
        status = run_with(workspace, "qemu/random", {std::to_string(first), std::to_string(booted)});
    }
    return status;
}

int test_command(const Workspace& workspace, const TestOptions& options) {
    if (options.mutate) {
        return run_with(workspace, "safeir/mutation", {"--table"});
    }
    if (options.fuzz_seconds != 0) {
        return fuzz(workspace, options.fuzz_seconds);
    }
    return TestSession(workspace, options).run();
}

}  // namespace tessera::tool
