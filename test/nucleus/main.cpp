// The nucleus's own test kernel: tries from inside everything that the nucleus offers. The word after "test=" on the
// command line selects a single case; the fatal ones are only run so.
#include "core/base/assert.h"
#include "test/nucleus/check.h"

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

namespace platform = tessera::platform;

struct Case {
    std::string_view name;
    void (*run)();
};

constexpr Case kCases[] = {
    {"library", test_library},
    {"memory", test_memory},
    {"rights", test_rights},
    {"traps", test_traps},
    {"time", test_time},
    {"threads", test_threads},
    {"llvm", test_llvm},
    {"oom", test_out_of_memory},
    {"abort", test_abort},
};

[[gnu::noinline]] void fatal_read() {
    volatile int* nowhere = nullptr;
    asm volatile("" : "+r"(nowhere));
    std::printf("%d\n", *nowhere);
}

[[gnu::noinline]] int overflow(int depth) {
    volatile char frame[4096];
    frame[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow(depth + 1) + frame[0];
}

constexpr Case kFatalCases[] = {
    {"fatal-read", fatal_read},
    {"fatal-write-text", [] { *reinterpret_cast<volatile char*>(reinterpret_cast<std::uintptr_t>(&fatal_read)) = 0; }},
    {"fatal-execute-data",
     [] {
         static char data[16] = {static_cast<char>(0xc3)};
         reinterpret_cast<void (*)()>(reinterpret_cast<std::uintptr_t>(data))();
     }},
    {"fatal-stack", [] { std::printf("%d\n", overflow(0)); }},
    {"fatal-syscall", [] { syscall(SYS_fork); }},
    {"fatal-abort", [] { std::abort(); }},
    {"fatal-assert", [] { ASSERT(platform::cpu_count() == 0); }},
    {"fatal-ud", [] { __builtin_trap(); }},
    {"reboot", [] { platform::reboot(); }},
    {"echo",
     [] {
         char line[128];
         while (std::fgets(line, sizeof line, stdin) != nullptr && line[0] != '.') {
             std::printf("got: %s", line);
         }
     }},
};

}  // namespace

int main() {
    const auto entered = std::chrono::steady_clock::now() - platform::boot_info().entry;
    const std::string_view line = platform::boot_info().command_line;
    const std::size_t at = line.find("test=");
    const std::string_view wanted =
        at == std::string_view::npos ? "" : line.substr(at + 5, line.find(' ', at) - at - 5);
    std::printf("main after %lld us, %u cores, %llu MiB free, bundle %zu bytes\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(entered).count()),
                platform::cpu_count(),
                static_cast<unsigned long long>(platform::memory_use().free_bytes >> 20),
                platform::boot_info().bundle.size());
    for (const Case& test : kFatalCases) {
        if (test.name == wanted) {
            test.run();
            return 0;
        }
    }
    for (const Case& test : kCases) {
        if (wanted.empty() || wanted == test.name) {
            const auto start = std::chrono::steady_clock::now();
            test.run();
            const auto took = std::chrono::steady_clock::now() - start;
            std::printf("ok %.*s (%lld us)\n",
                        static_cast<int>(test.name.size()),
                        test.name.data(),
                        static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
        }
    }
    std::printf("all passed\n");
    return 0;
}
