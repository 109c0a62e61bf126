// fuzz COUNT FIRST GENERATE SEEDS...: tries mutants number FIRST to FIRST + COUNT - 1 of the .sir files in the folders
// (or files) SEEDS. Every GENERATE-th accepted one is also compiled; 0: none. What breaks is left as fuzz-<number>.sir.
// Limits: 10 seconds and 512 MiB a mutant.
#include "test/fuzz/mutator.h"
#include "test/fuzz/target.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
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
constexpr std::size_t kBytesMax = 512U << 20U;

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

int run(std::uint64_t count, std::uint64_t first, std::uint64_t generate, std::vector<fuzz::Bytes> seeds) {
    const fuzz::Mutator mutator(std::move(seeds));
    std::uint64_t accepted = 0;
    std::size_t most_memory = 0;
    double longest = 0;
    std::uint64_t slowest = 0;
    const auto start = std::chrono::steady_clock::now();
    for (current_number = first; current_number < first + count; ++current_number) {
        current = mutator.mutant(current_number);
        const std::size_t before = live_bytes;
        peak_bytes = before;
        alarm(kSecondsMax);
        const auto begin = std::chrono::steady_clock::now();
        const bool with_code = generate != 0 && accepted % generate == 0;
        const fuzz::Outcome outcome = fuzz::try_program(current, with_code);
        alarm(0);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        accepted += outcome.accepted ? 1 : 0;
        if (!outcome.problem.empty() || peak_bytes - before > kBytesMax) {
            fmt::print(stderr,
                       "mutant {}: {}\n",
                       current_number,
                       outcome.problem.empty() ? fmt::format("took {} bytes", peak_bytes - before) : outcome.problem);
            keep_current();
            return 1;
        }
        if (!with_code || !outcome.accepted) {
            most_memory = std::max(most_memory, peak_bytes - before);
            if (took.count() > longest) {
                longest = took.count();
                slowest = current_number;
            }
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    fmt::print("{} mutants, {} accepted, {:.0f} a second, longest {:.1f} ms (number {}), most memory {} KiB\n",
               count,
               accepted,
               static_cast<double>(count) / took.count(),
               longest * 1000,
               slowest,
               most_memory / 1024);
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
