// What calls cost a Linux program: through a pointer, virtual, and to another process and back; and, given a library
// that has `add`, what loading that costs. "NAME NANOSECONDS" a line.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <linux/futex.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int kRounds = 7;

template <typename Call>
void measure(const char* name, std::uint64_t calls, Call call) {
    double best = 1e18;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < calls; ++i) {
            call();
        }
        const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
        best = time.count() < best ? time.count() : best;
    }
    std::printf("%s %.3f\n", name, best / static_cast<double>(calls));
}

[[gnu::noinline]] std::uint64_t own(std::uint64_t n) { return n + 1; }
std::uint64_t (*volatile pointer)(std::uint64_t) = own;

struct Base {
    virtual ~Base() = default;
    virtual std::uint64_t add(std::uint64_t n) = 0;
};
struct Derived final : Base {
    std::uint64_t state = 0;
    std::uint64_t add(std::uint64_t n) override { return state + n + 1; }
};
Base* volatile object = new Derived;

void pipes() {
    int there[2];
    int back[2];
    if (pipe(there) != 0 || pipe(back) != 0) {
        return;
    }
    const pid_t child = fork();
    if (child == 0) {
        close(there[1]);
        for (std::uint64_t word = 0; read(there[0], &word, sizeof word) == sizeof word;) {
            (void)!write(back[1], &word, sizeof word);
        }
        _exit(0);
    }
    std::uint64_t word = 0;
    measure("pipe", 5000, [&] {
        (void)!write(there[1], &word, sizeof word);
        (void)!read(back[0], &word, sizeof word);
    });
    close(there[1]);
    waitpid(child, nullptr, 0);
}

void futexes() {
    auto* turn = static_cast<std::atomic<std::uint32_t>*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const auto wait_while = [turn](std::uint32_t value) {
        while (turn->load() == value) {
            syscall(SYS_futex, turn, FUTEX_WAIT, value, nullptr, nullptr, 0);
        }
    };
    const auto give = [turn](std::uint32_t value) {
        turn->store(value);
        syscall(SYS_futex, turn, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    };
    constexpr std::uint32_t kEnd = 2;
    const pid_t child = fork();
    if (child == 0) {
        while (true) {
            wait_while(0);
            if (turn->load() == kEnd) {
                _exit(0);
            }
            give(0);
        }
    }
    measure("futex", 5000, [&] {
        give(1);
        wait_while(1);
    });
    give(kEnd);
    waitpid(child, nullptr, 0);
}

// What loading a program is beside: a library of the same function, and a process.
void loading(const char* library) {
    measure("dlopen", 200, [&] {
        void* opened = dlopen(library, RTLD_NOW | RTLD_LOCAL);
        if (opened == nullptr) {
            std::abort();
        }
        // SAFETY: what library.c says of it.
        const auto add = reinterpret_cast<std::uint64_t (*)(std::uint64_t, std::uint64_t)>(dlsym(opened, "add"));
        if (add(1, 2) != 3) {
            std::abort();
        }
        dlclose(opened);
    });
    measure("posix_spawn", 200, [] {
        char name[] = "true";
        char* argv[] = {name, nullptr};
        pid_t child = 0;
        if (posix_spawn(&child, "/bin/true", nullptr, nullptr, argv, environ) == 0) {
            waitpid(child, nullptr, 0);
        }
    });
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t n = 0;
    measure("indirect", 4000000, [&] { n = pointer(n); });
    measure("virtual", 4000000, [&] { n = object->add(n); });
    pipes();
    futexes();
    if (argc > 1) {
        loading(argv[1]);
    }
    return n == 0 ? 1 : 0;
}
