#include "boot/tool/commands/test_runner.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

// Meson's file is trusted, but another version of it may be shaped differently.
constexpr const char* kOddIntrospection = "meson's list of tests has a form that this tool does not know";

unsigned number(const std::string& text) { return static_cast<unsigned>(std::stoul(text)); }

void print_ending(const TestProgram& program, const RunPlan& plan, const Ended& ended, const Count& count) {
    const std::string name = plan.label + program.name;
    if (count.failed == 0) {
        fmt::print("ok    {:<44} {:>4} passed  {:6.1f} s\n", name, count.passed, ended.wall_seconds);
    } else {
        const std::string how = ended.timed_out     ? "out of time"
                                : ended.signal != 0 ? fmt::format("signal {}", ended.signal)
                                                    : fmt::format("status {}", ended.status);
        fmt::print("FAIL  {:<44} {:>4} failed  {:6.1f} s  ({})\n{}\n  again: {}\n",
                   name,
                   count.failed,
                   ended.wall_seconds,
                   how,
                   ended.output,
                   fmt::join(program.argv, " "));
    }
    std::fflush(stdout);
}

}  // namespace

bool TestProgram::in_suite(std::string_view suite) const {
    return std::ranges::any_of(suites, [&](const std::string& one) {
        return one == suite || one.ends_with(fmt::format(":{}", suite));  // meson writes "project:suite"
    });
}

double TestProgram::hangs_after_s() const {
    constexpr double kLeast = 900;
    return std::max(kLeast, timeout_s * 2);
}

Count& Count::operator+=(const Count& other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    return *this;
}

Result<std::vector<TestProgram>> list_tests(const fs::path& build) {
    TRY_TO(const std::string text, read_file(build / "meson-info/intro-tests.json"));
    TRY_TO(const std::string targets_text, read_file(build / "meson-info/intro-targets.json"));
    std::vector<TestProgram> programs;
    try {
        std::map<std::string, std::vector<std::string>> files_of_target;
        for (const nlohmann::json& target : nlohmann::json::parse(targets_text)) {
            files_of_target[target.at("id").get<std::string>()] = target.at("filename").get<std::vector<std::string>>();
        }
        for (const nlohmann::json& test : nlohmann::json::parse(text)) {
            TestProgram program;
            program.name = test.at("name").get<std::string>();
            program.suites = test.at("suite").get<std::vector<std::string>>();
            program.argv = test.at("cmd").get<std::vector<std::string>>();
            program.folder = test.at("workdir").is_string() ? test.at("workdir").get<std::string>() : "";
            program.timeout_s = test.at("timeout").get<double>();
            for (const auto& [name, value] : test.at("env").items()) {
                program.environment.emplace_back(name, value.get<std::string>());
            }
            program.products.push_back(program.argv.front());
            for (const nlohmann::json& id : test.at("depends")) {
                const std::vector<std::string>& files = files_of_target[id.get<std::string>()];
                program.products.insert(program.products.end(), files.begin(), files.end());
            }
            programs.push_back(std::move(program));
        }
    } catch (const nlohmann::json::exception&) {
        return fail(Blame::Kernel, kOddIntrospection);
    }
    std::ranges::sort(programs, {}, &TestProgram::name);
    return programs;
}

Result<Taken> build_tests(const fs::path& root,
                          const fs::path& build,
                          const std::vector<std::string>& options,
                          const std::vector<TestProgram>& programs) {
    Taken taken;
    std::error_code failure;
    if (!fs::exists(build / "build.ninja", failure)) {
        std::vector<std::string> words{"meson", "setup", build.string(), root.string()};
        words.insert(words.end(), options.begin(), options.end());
        TRY_TO(
            const Ended ended,
            run_command(
                {.argv = words, .environment = {{"CC", "clang-22"}, {"CXX", "clang++-22"}}, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Kernel, fmt::format("could not configure {}:\n{}", build.string(), ended.output));
        }
        taken = {.wall_seconds = ended.wall_seconds, .cpu_seconds = ended.cpu_seconds};
    }
    std::vector<std::string> words{"ninja", "-C", build.string()};
    for (const TestProgram& program : programs) {
        for (const std::string& file : program.products) {
            // What lies elsewhere is a script or a tool of the machine.
            const fs::path relative = fs::path(file).lexically_relative(build);
            if (!relative.empty() && !relative.string().starts_with("..")) {
                words.push_back(relative.string());
            }
        }
    }
    if (words.size() == 3) {
        return taken;
    }
    TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
    if (ended.status != 0) {
        return fail(Blame::Kernel, fmt::format("the tests in {} do not build:\n{}", build.string(), ended.output));
    }
    taken.wall_seconds += ended.wall_seconds;
    taken.cpu_seconds += ended.cpu_seconds;
    return taken;
}

void put_longest_first(std::vector<TestProgram>& programs) {
    std::ranges::sort(programs, [](const TestProgram& a, const TestProgram& b) {
        return a.timeout_s != b.timeout_s ? a.timeout_s > b.timeout_s : a.name < b.name;
    });
}

std::string table_of_times(std::vector<Taken> times) {
    std::ranges::sort(times, std::greater{}, &Taken::wall_seconds);
    Taken sum{.name = "all, one after the other"};
    std::string table = fmt::format("{:<48}{:>10}{:>12}\n", "what took how long", "seconds", "processor");
    const auto add = [&](const Taken& one) {
        table += fmt::format("{:<48}{:>10.1f}{:>12.1f}\n", one.name, one.wall_seconds, one.cpu_seconds);
    };
    for (const Taken& one : times) {
        add(one);
        sum.wall_seconds += one.wall_seconds;
        sum.cpu_seconds += one.cpu_seconds;
    }
    add(sum);
    return table;
}

Count count_results(const std::string& output, int status) {
    // The last line of a kind counts: a test may show the output of another program.
    static const std::regex all_passed(R"(All tests passed \([0-9]+ assertions? in ([0-9]+) test cases?\))");
    static const std::regex cases(R"(test cases: *([0-9]+) \|(?: *([0-9]+) passed \|?)?(?: *([0-9]+) failed)?)");
    static const std::regex plain(R"((?:^|\n)([0-9]+) passed, ([0-9]+) failed)");
    Count count;
    std::smatch match;
    if (std::regex_search(output, match, all_passed)) {
        count.passed = number(match[1]);
    } else if (std::regex_search(output, match, cases)) {
        count.passed = match[2].matched ? number(match[2]) : 0;
        count.failed = match[3].matched ? number(match[3]) : 0;
    } else if (std::regex_search(output, match, plain)) {
        count.passed = number(match[1]);
        count.failed = number(match[2]);
    } else if (output.find("No test cases matched") != std::string::npos) {
        return count;
    } else if (status == 0) {
        count.passed = 1;
    }
    if (status != 0 && count.failed == 0) {
        count.failed = 1;  // it ended before or beside its own count
    }
    return count;
}

Count run_tests(const std::vector<TestProgram>& programs, const RunPlan& plan, std::vector<Taken>& times) {
    Count total;
    std::mutex lock;
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < programs.size() && !interrupted(); i = next++) {
            const TestProgram& program = programs[i];
            Command command{.argv = program.argv,
                            .folder = program.folder,
                            .environment = program.environment,
                            .capture = Capture::Both};
            command.environment.insert(command.environment.end(), plan.environment.begin(), plan.environment.end());
            if (!plan.case_filter.empty()) {
                command.argv.push_back(plan.case_filter);
            }
            command.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(program.hangs_after_s() * 1000));
            command.input_file = "/dev/null";
            const Result<Ended> run = run_command(command);
            const Ended ended = run ? *run : Ended{.status = 127, .output = run.error().text};
            const Count count = count_results(ended.output, ended.status);
            const std::lock_guard held(lock);
            total += count;
            if (count.passed + count.failed > 0) {
                print_ending(program, plan, ended, count);
                times.push_back({plan.label + program.name, ended.wall_seconds, ended.cpu_seconds});
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 1; i < plan.jobs; ++i) {
            workers.emplace_back(work);
        }
        work();
    }
    return total;
}

}  // namespace tessera::tool
