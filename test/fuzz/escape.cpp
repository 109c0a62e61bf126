// escape [--from NUMBER] [--one NUMBER] [--applications FOLDER] SECONDS: random programs, and mutants of them, under
// the oracle of box.h, for so many seconds; the last number counts. What breaks a rule is left as escape-NUMBER.sir,
// made as small as can be. With a folder: its .sir files, which begin at _start with the words of NAME.words, and
// mutants of them.
#include "test/fuzz/box_wasi.h"
#include "test/fuzz/generator.h"
#include "test/fuzz/trial.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace tessera;

constexpr unsigned kMutants = 6;  // of each program
constexpr unsigned kChildPrograms = 400;
constexpr unsigned kSecondsMax = 60;  // a program

// Shared with the process that works.
struct Shared {
    volatile fuzz::Phase phase;
    volatile std::uint64_t number;
    volatile std::uint64_t next;
    std::uint64_t programs, accepted, mutants, mutants_accepted, failures, deaths, runs, returned, instructions,
        interrupts, races, ways, problems;
};
Shared* shared = nullptr;

struct Application {
    fuzz::Mutator mutator;
    fuzz::Bytes sir;
    std::vector<std::string> words;
};
std::vector<Application> applications;  // none: random programs

constexpr std::uint64_t kInFull = 8;  // of so many applications and their mutants one is compiled in every way

struct Subject {
    fuzz::Bytes sir;
    fuzz::Plan plan;
    bool is_mutant = false;
};

Subject application(std::uint64_t number) {
    const Application& from = applications[number % applications.size()];
    fuzz::set_box_words(from.words);
    const std::uint64_t mutant = number / applications.size();
    return {.sir = mutant == 0 ? from.sir : from.mutator.mutant(mutant),
            .plan = {.deterministic = false, .has_image = true, .only_quickly = number % kInFull != 0},
            .is_mutant = mutant != 0};
}

Subject program(std::uint64_t number, const std::vector<unsigned>& most = {}) {
    if (!applications.empty()) {
        return application(number);
    }
    const std::uint64_t mutant = number % (kMutants + 1);
    auto generated = fuzz::generate_program(number / (kMutants + 1), most);
    if (mutant != 0) {
        generated.sir = fuzz::Mutator({generated.sir}).mutant(number);
    }
    return {
        .sir = std::move(generated.sir), .plan = {.deterministic = generated.deterministic}, .is_mutant = mutant != 0};
}

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void read_applications(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".sir") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    for (auto& file : files) {
        const std::string text = read(file);
        const auto bytes = std::as_bytes(std::span(text));
        const fuzz::Bytes sir(bytes.begin(), bytes.end());
        std::istringstream more(read(file.replace_extension(".words")));
        std::vector<std::string> words = {file.stem().string()};
        for (std::string word; std::getline(more, word);) {
            words.push_back(word);
        }
        applications.push_back({fuzz::Mutator({sir}), sir, std::move(words)});
    }
}

void keep(std::uint64_t number, const fuzz::Bytes& sir) {
    std::ofstream out(fmt::format("escape-{}.sir", number), std::ios::binary);
    for (const std::byte byte : sir) {
        out.put(static_cast<char>(byte));
    }
}

// Fewer statements in each function, as long as the same kind of problem shows.
fuzz::Bytes minimised(fuzz::Tester& tester, std::uint64_t number, const std::string& problem) {
    std::vector<unsigned> most(12, 60);
    Subject smallest = program(number);
    if (smallest.is_mutant || !applications.empty()) {
        return smallest.sir;
    }
    const std::string kind = problem.substr(0, problem.find(' '));
    for (unsigned& each : most) {
        for (unsigned step = 32; step > 0; step /= 2) {
            while (each >= step) {
                each -= step;
                Subject candidate = program(number, most);
                if (!tester.test(candidate.sir, candidate.plan, number, shared->phase).problem.starts_with(kind)) {
                    each += step;
                    break;
                }
                smallest = std::move(candidate);
            }
        }
    }
    return smallest.sir;
}

void report(fuzz::Tester& tester, std::uint64_t number, const std::string& problem) {
    ++shared->problems;
    keep(number, program(number).sir);
    fmt::print("FAIL  program {}: {}\n", number, problem);
    std::fflush(stdout);
    const auto sir = minimised(tester, number, problem);
    keep(number, sir);
    fmt::print("      kept as escape-{}.sir, {} bytes\n", number, sir.size());
    std::fflush(stdout);
}

fuzz::Trial try_one(fuzz::Tester& tester, std::uint64_t number, bool& is_mutant) {
    shared->number = number;
    shared->phase = fuzz::Phase::Generate;
    alarm(0);
    const Subject generated = program(number);
    is_mutant = generated.is_mutant;
    return tester.test(generated.sir, generated.plan, number, shared->phase);
}

int work(std::chrono::steady_clock::time_point end) {
    const auto tester = fuzz::Tester::create();
    if (!tester) {
        fmt::print(stderr, "{}\n", tester.error().text);
        return 3;
    }
    for (unsigned count = 0; count < kChildPrograms && std::chrono::steady_clock::now() < end; ++count) {
        const std::uint64_t number = shared->next;
        shared->next = number + 1;
        bool is_mutant = false;
        const fuzz::Trial trial = try_one(**tester, number, is_mutant);
        ++(is_mutant ? shared->mutants : shared->programs);
        (is_mutant ? shared->mutants_accepted : shared->accepted) += trial.accepted ? 1 : 0;
        shared->failures += trial.failure.empty() ? 0 : 1;
        shared->runs += trial.runs;
        shared->returned += trial.returned;
        shared->instructions += trial.instructions;
        shared->interrupts += trial.interrupts;
        shared->races += trial.races;
        shared->ways += trial.ways;
        if (!trial.problem.empty()) {
            report(**tester, number, trial.problem);
            return 1;
        }
    }
    return 0;
}

int one(std::uint64_t number) {
    const auto tester = fuzz::Tester::create();
    if (!tester) {
        return 3;
    }
    keep(number, program(number).sir);
    bool is_mutant = false;
    const fuzz::Trial trial = try_one(**tester, number, is_mutant);
    fmt::print("{}{}{}\n{} instructions, {} of {} runs returned, {} interruptions, {} races\n",
               trial.accepted ? "accepted " : trial.refusal,
               trial.failure,
               trial.problem,
               trial.instructions,
               trial.returned,
               trial.runs,
               trial.interrupts,
               trial.races);
    return trial.problem.empty() ? 0 : 1;
}

int run(unsigned seconds, std::uint64_t first) {
    shared->next = first;
    const auto begin = std::chrono::steady_clock::now();
    const auto end = begin + std::chrono::seconds(seconds);
    while (std::chrono::steady_clock::now() < end) {
        const pid_t child = fork();
        if (child == 0) {
            const rlimit none = {0, 0};
            setrlimit(RLIMIT_CORE, &none);
            const rlimit cpu = {kSecondsMax * 5, kSecondsMax * 5};
            setrlimit(RLIMIT_CPU, &cpu);
            std::_Exit(work(end));
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) {
            // In the code generator this is LLVM's failure, which the kernel's guard catches; in a run it is an escape.
            const bool escaped = shared->phase == fuzz::Phase::Run;
            ++(escaped ? shared->problems : shared->deaths);
            keep(shared->number, program(shared->number).sir);
            fmt::print("{}  program {}: died of signal {} {}\n",
                       escaped ? "FAIL" : "note",
                       std::uint64_t{shared->number},
                       WTERMSIG(status),
                       escaped                                 ? "while it ran"
                       : shared->phase == fuzz::Phase::Compile ? "in the code generator"
                                                               : "before that");
            if (shared->phase != fuzz::Phase::Compile && !escaped) {
                ++shared->problems;
            }
        } else if (WEXITSTATUS(status) == 3) {
            return 1;
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print(
        "{} {}, {} accepted; {} mutants, {} accepted; {} not compiled, {} deaths of the code "
        "generator\n{} ways of compiling; {} runs, {} to their end; {} instructions executed; {} interruptions; {} "
        "races of two cores; {:.0f} s; next is {}\n",
        shared->programs,
        applications.empty() ? "random programs" : "applications",
        shared->accepted,
        shared->mutants,
        shared->mutants_accepted,
        shared->failures,
        shared->deaths,
        shared->ways,
        shared->runs,
        shared->returned,
        shared->instructions,
        shared->interrupts,
        shared->races,
        took.count(),
        std::uint64_t{shared->next});
    const bool idle = shared->runs == 0 || shared->interrupts == 0 || shared->races == 0;
    fmt::print("{} passed, {} failed\n", idle ? 0 : 1, shared->problems + (idle ? 1 : 0));
    return shared->problems == 0 && !idle ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return 2;
    }
    shared = static_cast<Shared*>(memory);
    std::uint64_t first = 1;
    unsigned seconds = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--one") == 0 && i + 1 < argc) {
            return one(std::strtoull(argv[i + 1], nullptr, 10));
        }
        if (std::strcmp(argv[i], "--applications") == 0 && i + 1 < argc) {
            read_applications(argv[++i]);
            first = 0;
        } else if (std::strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
            first = std::strtoull(argv[++i], nullptr, 10);
        } else {
            seconds = static_cast<unsigned>(std::strtoul(argv[i], nullptr, 10));
        }
    }
    if (seconds == 0) {
        fmt::print(stderr, "escape [--applications FOLDER] [--from NUMBER] [--one NUMBER] SECONDS\n");
        return 2;
    }
    return run(seconds, first);
}
