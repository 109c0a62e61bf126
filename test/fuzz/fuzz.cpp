// fuzz COUNT FIRST GENERATE SEEDS...: tries mutants number FIRST to FIRST + COUNT - 1 of the .sir files in the folders
// (or files) SEEDS. Every GENERATE-th accepted one is also compiled; 0: none. Every fourth is a mutant of the costliest
// mutants so far. What breaks is left as fuzz-<number>.sir. Limits: 10 seconds and, of memory, what
// docs/safeir/bounds.md says.
#include "test/fuzz/climber.h"
#include "test/fuzz/mutator.h"
#include "test/fuzz/target.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <new>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

// Every allocation by new is counted; sanitizers bring allocators of their own.
namespace {
std::atomic<std::size_t> live_bytes;
std::atomic<std::size_t> peak_bytes;
}  // namespace

#if !__has_feature(address_sanitizer)
void* operator new(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) {
        std::abort();
    }
    const std::size_t live = live_bytes += malloc_usable_size(memory);
    if (live > peak_bytes) {
        peak_bytes = live;
    }
    return memory;
}
void operator delete(void* memory) noexcept {
    live_bytes -= malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }
#endif

namespace {

using namespace tessera;

constexpr unsigned kSecondsMax = 10;
// Of reading and checking; code generation has the second one.
constexpr std::size_t kBytesForEach = 200;
constexpr std::size_t kBytesForAny = 2U << 20U;
constexpr std::size_t kBytesMax = 512U << 20U;
constexpr std::uint64_t kClimbEvery = 4;

fuzz::Bytes current;
std::uint64_t current_number = 0;

void keep_current() {
    char name[64];
    std::snprintf(name, sizeof name, "fuzz-%llu.sir", static_cast<unsigned long long>(current_number));
    if (FILE* file = std::fopen(name, "wb")) {
        std::fwrite(current.data(), 1, current.size(), file);
        std::fclose(file);
    }
    std::fprintf(stderr, "mutant %llu is kept as %s\n", static_cast<unsigned long long>(current_number), name);
}

void on_signal(int signal) {
    std::fprintf(stderr, signal == SIGALRM ? "no answer in %u seconds\n" : "killed by a signal\n", kSecondsMax);
    keep_current();
    _exit(1);
}

std::vector<fuzz::Bytes> read_seeds(int count, char** names) {
    std::vector<std::filesystem::path> files;
    for (int i = 0; i < count; ++i) {
        if (!std::filesystem::is_directory(names[i])) {
            files.emplace_back(names[i]);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(names[i])) {
            // Harmless programs make the best mutants: one broken rule is all that is wrong with them.
            if (entry.path().extension() == ".sir" && !entry.path().filename().string().starts_with("refuse-")) {
                files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    std::vector<fuzz::Bytes> seeds;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        const auto bytes = std::as_bytes(std::span(text));
        if (!bytes.empty()) {
            seeds.emplace_back(bytes.begin(), bytes.end());
        }
    }
    return seeds;
}

double processor_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct Tried {
    fuzz::Outcome outcome;
    fuzz::Cost cost;
};

Tried try_current(bool with_code) {
    Tried tried;
    const std::size_t before = live_bytes;
    peak_bytes = before;
    alarm(kSecondsMax);
    const double begin = processor_nanoseconds();
    tried.outcome = fuzz::try_program(current, with_code);
    tried.cost.nanoseconds = processor_nanoseconds() - begin;
    alarm(0);
    const std::size_t bytes = peak_bytes - before;
    tried.cost.bytes = static_cast<double>(bytes);
    const std::size_t most =
        with_code && tried.outcome.accepted ? kBytesMax : current.size() * kBytesForEach + kBytesForAny;
    if (tried.outcome.problem.empty() && bytes > most) {
        tried.outcome.problem = fmt::format("took {} bytes for a file of {}", bytes, current.size());
    }
    return tried;
}

int run(std::uint64_t count, std::uint64_t first, std::uint64_t generate, std::vector<fuzz::Bytes> seeds) {
    const fuzz::Mutator mutator(std::move(seeds));
    fuzz::Climber climber;
    std::uint64_t accepted = 0;
    const auto start = std::chrono::steady_clock::now();
    for (current_number = first; current_number < first + count; ++current_number) {
        const bool climbs = current_number % kClimbEvery == 0 && !climber.empty();
        current = climbs ? climber.mutant(current_number) : mutator.mutant(current_number);
        const bool with_code = generate != 0 && accepted % generate == 0;
        const Tried tried = try_current(with_code);
        accepted += tried.outcome.accepted ? 1 : 0;
        if (!tried.outcome.problem.empty()) {
            fmt::print(stderr, "mutant {}: {}\n", current_number, tried.outcome.problem);
            keep_current();
            return 1;
        }
        if (!with_code || !tried.outcome.accepted) {
            climber.note(current, tried.cost);
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    fmt::print("{} mutants, {} accepted, {:.0f} a second; {}\n",
               count,
               accepted,
               static_cast<double>(count) / took.count(),
               climber.report());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        fmt::print(stderr, "fuzz COUNT FIRST GENERATE SEEDS...\n");
        return 2;
    }
    auto seeds = read_seeds(argc - 4, argv + 4);
    if (seeds.empty()) {
        fmt::print(stderr, "no .sir file among the seeds\n");
        return 2;
    }
    // Memory goes back and forth a thousand times a second: not to the system each time.
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGALRM}) {
        std::signal(signal, on_signal);
    }
#if !__has_feature(address_sanitizer)
    const rlimit memory = {std::size_t{4} << 30U, std::size_t{4} << 30U};
    setrlimit(RLIMIT_AS, &memory);
#endif
    return run(std::strtoull(argv[1], nullptr, 10),
               std::strtoull(argv[2], nullptr, 10),
               std::strtoull(argv[3], nullptr, 10),
               std::move(seeds));
}
