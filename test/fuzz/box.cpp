#include "test/fuzz/box.h"

#include "runtime/context.h"
#include "safeir/load/cpu_features.h"
#include "test/fuzz/box_functions.h"
#include "test/fuzz/box_interrupts.h"
#include "test/fuzz/box_memory.h"
#include "test/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <thread>
#include <ucontext.h>

extern "C" {
std::uint64_t box_enter(void* call);
}
std::uint64_t box_secret = 0;
bool box_has_zmm = false;

// SAFETY (this file): the box is made of addresses; it is a test's, and no program's.
namespace tessera::fuzz {

constinit thread_local BoxRun* box_run = nullptr;

namespace {

constexpr std::uint64_t kGuardEnd = (6ULL << 30U) + 4096;  // of what an address may be behind the base
constexpr std::size_t kSecretBytes = 128U << 10U;          // of the stack, that hold the secret
constexpr long kTimeMaxUs = 300'000;
constexpr std::size_t kCores = 2;
constexpr auto kRaceTime = std::chrono::milliseconds(4);

// What a thread runs a program with. No two threads have the same one: signals come to each at any time.
struct Core {
    std::byte* signal_stack = nullptr;
    BoxRun run;
};
Core alone;
std::array<Core, kCores> cores;

struct BoxCall {
    std::uintptr_t target;
    std::byte* base;
    std::uint64_t sp;
    std::byte* cap;
    std::uint64_t secret;
};

void stop_timer() {
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
}

void start_timer(long us) {
    const itimerval once{{}, {us / 1'000'000, us % 1'000'000}};
    setitimer(ITIMER_REAL, &once, nullptr);
}

std::uint64_t number(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

// What a fault says about who did it.
void judge(BoxRun& run, int signal, const siginfo_t& info, std::uint64_t rip) {
    const std::uint64_t address = number(info.si_addr);
    const bool in_code = rip >= run.code.begin && rip < run.code.end;
    const std::uint64_t offset = address - number(box.base);
    const bool in_stack_guard = address < number(run.stack) && address >= number(run.stack) - kBoxStackGuard;
    const bool has_address = signal == SIGSEGV && info.si_code != SI_KERNEL;
    run.end = Run::End::Trapped;
    if (has_address && in_stack_guard) {
        run.what = "stack overflow";
    } else if (has_address && in_code && offset < kGuardEnd) {
        run.what = fmt::format("fault at offset {:#x}", offset);
    } else if (signal == SIGILL && in_code) {
        run.what = "trap";
    } else {
        run.end = Run::End::Escaped;
        run.what = fmt::format("signal {}, {} at {:#x} (arena + {:#x}), by {} at {:#x}",
                               signal,
                               has_address ? "address" : "no address,",
                               address,
                               offset,
                               in_code ? "the program's code" : "other code",
                               rip);
    }
}

// A race needs no timer: the thread that waits for its end says so again and again.
bool is_out_of_time(BoxRun& run, std::uint64_t rip) {
    if (rip < run.code.begin || rip >= run.code.end) {
        if (&run == &alone.run) {
            start_timer(200);
        }
        return false;
    }
    run.end = Run::End::OutOfTime;
    return true;
}

void on_signal(int signal, siginfo_t* info, void* context_pointer) {
    auto& context = *static_cast<ucontext_t*>(context_pointer);
    auto& registers = context.uc_mcontext.gregs;
    const auto rip = static_cast<std::uint64_t>(registers[REG_RIP]);
    BoxRun* const run = box_run;
    if (run == nullptr || !run->running) {
        if (signal != SIGALRM && signal != SIGTRAP) {
            std::signal(signal, SIG_DFL);
        }
        registers[REG_EFL] &= ~greg_t{0x100};
        return;
    }
    if (signal == SIGTRAP && info->si_code == TRAP_TRACE && take_step(*run, context)) {
        return;
    }
    if (signal == SIGALRM) {
        if (take_alarm(*run, context) || !is_out_of_time(*run, rip)) {
            return;
        }
    } else {
        judge(*run, signal, *info, rip);
    }
    run->running = false;
    registers[REG_EFL] &= ~greg_t{0x100};
    registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uint64_t>(&runtime::tessera_return_to));
    registers[REG_RDI] = static_cast<greg_t>(number(&run->point));
    registers[REG_RSI] = 1;
}

void use_signal_stack(const Core& core) {
    const stack_t alternate{.ss_sp = core.signal_stack, .ss_flags = 0, .ss_size = kBoxStackGuard};
    sigaltstack(&alternate, nullptr);
}

// Enters the program, whose memory is filled, on this thread and this core's stack.
Run enter(BoxRun& core, const BoxCode& code, std::uint64_t secret) {
    core.code = code;
    for (std::size_t at = kBoxStackBytes - kSecretBytes; at < kBoxStackBytes; at += 8) {
        std::memcpy(core.stack + at, &secret, sizeof secret);
    }
    // The upper half of an i32 argument is nobody's.
    const std::uint32_t sp = code.image != nullptr ? code.image->stack_top : 0x20000U;
    BoxCall call{code.entry, box.base, (secret & 0xffffffff00000000U) | sp, box_capability(1), secret};
    core.end = Run::End::Returned;
    core.what.clear();
    core.try_frame = nullptr;
    core.tries = 0;
    core.heard = 0;
    struct Result {
        BoxCall* call;
        std::uint64_t value;
    } result{&call, 0};
    box_run = &core;
    core.running = true;
    const std::uint64_t left = runtime::tessera_call_returnable(
        &core.point,
        [](void* pointer) -> std::uint64_t {
            auto& inner = *static_cast<Result*>(pointer);
            inner.value = box_enter(inner.call);
            return 0;
        },
        &result,
        number(core.stack + kBoxStackBytes));
    core.running = false;
    Run run;
    run.end = left == 0 ? Run::End::Returned : core.end;
    run.what = core.what;
    run.result = static_cast<std::uint32_t>(result.value);
    return run;
}

}  // namespace

Result<std::unique_ptr<Box>> Box::create() {
    box_has_zmm = safeir::detect_features() >= safeir::Features::X86_64_v4;
    const auto map = [](std::size_t bytes) {
        void* memory = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
    };
    const auto open = [](std::byte* from, std::size_t bytes) {
        return mprotect(from, bytes, PROT_READ | PROT_WRITE) == 0;
    };
    bool is_complete = make_memory();
    for (Core* const each : {&alone, &cores[0], &cores[1]}) {
        Core& core = *each;
        std::byte* stacks = map(kBoxStackGuard + kBoxStackBytes + kBoxStackGuard);
        core.signal_stack = map(kBoxStackGuard);
        core.run.stack = stacks + kBoxStackGuard;
        is_complete = is_complete && stacks != nullptr && core.signal_stack != nullptr &&
                      open(core.run.stack, kBoxStackBytes) && open(core.signal_stack, kBoxStackGuard);
    }
    if (!is_complete) {
        return fail(Blame::Machine, "no address space for the box");
    }
    use_signal_stack(alone);
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM}) {
        struct sigaction action{};
        action.sa_sigaction = on_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigaction(signal, &action, nullptr);
    }
    return std::unique_ptr<Box>(new Box);
}

Run Box::run(const BoxCode& code, std::uint64_t seed, std::uint64_t secret, Interrupts interrupts) {
    box_secret = secret;
    fill_memory(seed, code.image);
    if (interrupts == Interrupts::Random) {
        expect_interrupts(seed, secret);
    }
    start_timer(kTimeMaxUs);
    Run run = enter(alone.run, code, secret);
    stop_timer();
    run.interrupts = end_interrupts();
    run.seen = hash_of_memory(alone.run.heard);
    return run;
}

Run Box::race(const BoxCode& code, std::uint64_t seed, std::uint64_t secret) {
    box_secret = secret;
    fill_memory(seed, code.image);
    std::array<Run, kCores> runs;
    std::atomic<unsigned> waiting = kCores;
    std::atomic<unsigned> running = kCores;
    std::atomic<bool> is_over = false;
    std::array<std::thread, kCores> threads;
    for (std::size_t i = 0; i < kCores; ++i) {
        threads[i] = std::thread([&, i] {
            use_signal_stack(cores[i]);
            --waiting;
            while (waiting != 0) {
            }
            do {
                runs[i] = enter(cores[i].run, code, secret);
            } while (!is_over && runs[i].end != Run::End::Escaped);
            --running;
        });
    }
    Random random(seed);
    const auto end = std::chrono::steady_clock::now() + kRaceTime;
    while (running != 0) {
        scribble_all(random);
        if (std::chrono::steady_clock::now() > end) {
            is_over = true;
            for (auto& thread : threads) {
                pthread_kill(thread.native_handle(), SIGALRM);
            }
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    }
    for (auto& thread : threads) {
        thread.join();
    }
    Run run = runs[0].end == Run::End::Escaped ? runs[0] : runs[1];
    run.holds_secret = memory_holds(secret);
    return run;
}

}  // namespace tessera::fuzz
