// Test programs: found in a build folder, run, their results counted.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tessera::tool {

struct TestProgram {
    std::string name;                 // "folder/what", as the meson file says
    std::vector<std::string> suites;  // "asan", "tsan", "qemu", ...
    std::vector<std::string> argv;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string folder;
    std::vector<std::string> products;  // files that have to be built first
    double timeout_s = 120;             // by its meson file: a guess of what it takes on a machine that is not busy

    [[nodiscard]] bool in_suite(std::string_view suite) const;
    // After this it is taken to hang. Far from the guess, as a sanitizer or a busy machine makes everything slower.
    [[nodiscard]] double hangs_after_s() const;
};

struct Count {
    unsigned passed = 0;
    unsigned failed = 0;
    unsigned skipped = 0;
    Count& operator+=(const Count& other);
};

// What a step of the tests took: the running of a program, or a build.
struct Taken {
    std::string name{};
    double wall_seconds = 0;
    double cpu_seconds = 0;  // of all its processes
};

// The programs that meson knows in this build folder.
[[nodiscard]] Result<std::vector<TestProgram>> list_tests(const std::filesystem::path& build);

// Configures (first time) and builds what `programs` need in `build`, with `options` for meson. What goes wrong is the
// error.
[[nodiscard]] Result<Taken> build_tests(const std::filesystem::path& root,
                                        const std::filesystem::path& build,
                                        const std::vector<std::string>& options,
                                        const std::vector<TestProgram>& programs);

struct RunPlan {
    std::string label;        // shown before each name: "" or "asan "
    std::string case_filter;  // Catch2 test specification; empty for all
    std::vector<std::pair<std::string, std::string>> environment;
    unsigned jobs = 1;
};

// So that none is left alone at the end while other cores have nothing to do.
void put_longest_first(std::vector<TestProgram>& programs);

// Runs them, printing a line for each as it ends and everything about those that fail. Adds what each took to `times`.
[[nodiscard]] Count run_tests(const std::vector<TestProgram>& programs, const RunPlan& plan, std::vector<Taken>& times);

// A line for each, the longest first, and their sums.
[[nodiscard]] std::string table_of_times(std::vector<Taken> times);

// What a finished program's output says: Catch2's closing lines, our own "N passed, N failed", else the exit status.
[[nodiscard]] Count count_results(const std::string& output, int status);

}  // namespace tessera::tool
