#include "test/fuzz/box.h"

#include "runtime/context.h"
#include "safeir/load/cpu_features.h"
#include "test/fuzz/box_functions.h"
#include "test/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <span>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

extern "C" {
std::uint64_t box_enter(void* call);
}
std::uint64_t box_secret = 0;
bool box_has_zmm = false;

// SAFETY (this file): the box is made of addresses; it is a test's, and no program's.
namespace tessera::fuzz {

BoxState box;

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30U;
constexpr std::uint64_t kReserved = 160 * kGiB;
constexpr std::uint64_t kArenaAt = 32 * kGiB;
constexpr std::uint64_t kSlicesAt = 80 * kGiB;
constexpr std::uint64_t kCapsAt = 150 * kGiB;
constexpr std::uint64_t kGuardEnd = 6 * kGiB + 4096;  // of what an address may be behind the base
constexpr std::size_t kStackBytes = 1U << 20U;
constexpr std::size_t kStackGuard = 256U << 10U;
constexpr std::size_t kSecretBytes = 128U << 10U;  // of the stack, that hold the secret
constexpr long kTimeMaxUs = 300'000;

std::byte* reserved = nullptr;
std::byte* stack = nullptr;
std::byte* signal_stack = nullptr;
BoxCode code;

struct BoxCall {
    std::uintptr_t target;
    std::byte* base;
    std::uint64_t sp;
    std::byte* cap;
    std::uint64_t secret;
};

std::byte* slice_page(unsigned index) { return reserved + kSlicesAt + index * 8 * kGiB; }

// Everything that a program can write.
std::array<std::span<std::byte>, 2 + kSlices> writable() {
    std::array<std::span<std::byte>, 2 + kSlices> all;
    all[0] = {box.base + kLowBegin, kLowEnd - kLowBegin};
    all[1] = {box.base + kTopBegin, kTopEnd - kTopBegin};
    for (unsigned i = 0; i < kSlices; ++i) {
        all[2 + i] = {slice_page(i), kSlicePage};
    }
    return all;
}

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
void judge(int signal, const siginfo_t& info, std::uint64_t rip) {
    const std::uint64_t address = number(info.si_addr);
    const bool in_code = rip >= code.begin && rip < code.end;
    const std::uint64_t offset = address - number(box.base);
    const bool in_stack_guard = address < number(stack) && address >= number(stack) - kStackGuard;
    const bool has_address = signal == SIGSEGV && info.si_code != SI_KERNEL;
    box.end = Run::End::Trapped;
    if (has_address && in_stack_guard) {
        box.what = "stack overflow";
    } else if (has_address && in_code && offset < kGuardEnd) {
        box.what = fmt::format("fault at offset {:#x}", offset);
    } else if (signal == SIGILL && in_code) {
        box.what = "trap";
    } else {
        box.end = Run::End::Escaped;
        box.what = fmt::format("signal {}, {} at {:#x} (arena + {:#x}), by {} at {:#x}",
                               signal,
                               has_address ? "address" : "no address,",
                               address,
                               offset,
                               in_code ? "the program's code" : "other code",
                               rip);
    }
}

void on_signal(int signal, siginfo_t* info, void* context_pointer) {
    auto& registers = static_cast<ucontext_t*>(context_pointer)->uc_mcontext.gregs;
    const auto rip = static_cast<std::uint64_t>(registers[REG_RIP]);
    if (!box.running) {
        std::signal(signal, SIG_DFL);
        return;
    }
    if (signal == SIGALRM) {
        if (rip < code.begin || rip >= code.end) {
            start_timer(200);
            return;
        }
        box.end = Run::End::OutOfTime;
    } else {
        judge(signal, *info, rip);
    }
    box.running = false;
    registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uint64_t>(&runtime::tessera_return_to));
    registers[REG_RDI] = static_cast<greg_t>(number(&box.point));
    registers[REG_RSI] = 1;
}

}  // namespace

std::byte* box_capability(unsigned index) { return reserved + kCapsAt + std::size_t{index} * 4096; }

Result<std::unique_ptr<Box>> Box::create() {
    box_has_zmm = safeir::detect_features() >= safeir::Features::X86_64_v4;
    const auto map = [](std::size_t bytes) {
        void* memory = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
    };
    const auto open = [](std::byte* from, std::size_t bytes) {
        return mprotect(from, bytes, PROT_READ | PROT_WRITE) == 0;
    };
    reserved = map(kReserved);
    std::byte* stacks = map(kStackGuard + kStackBytes + kStackGuard);
    signal_stack = map(kStackGuard);
    if (reserved == nullptr || stacks == nullptr || signal_stack == nullptr) {
        return fail(Blame::Machine, "no address space for the box");
    }
    box.base = reserved + kArenaAt;
    stack = stacks + kStackGuard;
    bool opened = open(stack, kStackBytes) && open(signal_stack, kStackGuard);
    for (const auto& part : writable()) {
        opened = opened && open(part.data(), part.size());
    }
    if (!opened) {
        return fail(Blame::Machine, "no memory for the box");
    }
    const stack_t alternate{.ss_sp = signal_stack, .ss_flags = 0, .ss_size = kStackGuard};
    sigaltstack(&alternate, nullptr);
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM}) {
        struct sigaction action{};
        action.sa_sigaction = on_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigaction(signal, &action, nullptr);
    }
    return std::unique_ptr<Box>(new Box);
}

void Box::fill(std::uint64_t seed) {
    Random random(seed);
    for (const auto& part : writable()) {
        mprotect(part.data(), part.size(), PROT_READ | PROT_WRITE);
        for (std::size_t at = 0; at < part.size(); at += 8) {
            // Small numbers are what loops and indexes are made of.
            const std::uint64_t word = random.next();
            const std::uint64_t value = (word & 7U) == 0 ? word : word >> (word & 56U);
            std::memcpy(part.data() + at, &value, sizeof value);
        }
    }
    for (unsigned i = 0; i < kSlices; i += 2) {
        mprotect(slice_page(i), kSlicePage, PROT_READ);
    }
    for (unsigned i = 0; i < kSlices; ++i) {
        box.slices[i] = slice_page(i);
    }
    box.cap_table.fill(nullptr);
    box.heard = 0;
}

std::uint64_t Box::hash() {
    std::uint64_t sum = box.heard;
    for (const auto& part : writable()) {
        for (std::size_t at = 0; at < part.size(); at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, part.data() + at, sizeof word);
            sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
            sum ^= sum >> 29U;
        }
    }
    return sum;
}

Run Box::run(const BoxCode& given, std::uint64_t seed, std::uint64_t secret) {
    code = given;
    box_secret = secret;
    fill(seed);
    for (std::size_t at = kStackBytes - kSecretBytes; at < kStackBytes; at += 8) {
        std::memcpy(stack + at, &secret, sizeof secret);
    }
    // The upper half of an i32 argument is nobody's.
    BoxCall call{given.entry, box.base, (secret & 0xffffffff00000000U) | 0x20000U, box_capability(1), secret};
    Run run;
    box.end = Run::End::Returned;
    box.what.clear();
    box.try_frame = nullptr;
    box.tries = 0;
    box.running = true;
    start_timer(kTimeMaxUs);
    struct Result {
        BoxCall* call;
        std::uint64_t value;
    } result{&call, 0};
    const std::uint64_t left = runtime::tessera_call_returnable(
        &box.point,
        [](void* pointer) -> std::uint64_t {
            auto& inner = *static_cast<Result*>(pointer);
            inner.value = box_enter(inner.call);
            return 0;
        },
        &result,
        number(stack + kStackBytes));
    box.running = false;
    stop_timer();
    run.end = left == 0 ? Run::End::Returned : box.end;
    run.what = box.what;
    run.result = static_cast<std::uint32_t>(result.value);
    run.seen = hash();
    return run;
}

}  // namespace tessera::fuzz
