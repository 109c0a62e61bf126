// Traps and timers as signals, on a stack of their own for each thread.
#include "core/platform/hosted/signals.h"

#include "core/base/assert.h"
#include "core/platform/platform.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <utility>

namespace tessera::platform {
namespace {

constexpr std::size_t kSignalStackBytes = 64UL * 1024;
constexpr std::uint64_t kErrorWrite = 1U << 1U, kErrorFetch = 1U << 4U;  // [intel/vol3] 4.7
constexpr int kGeneralProtection = 13;

std::atomic<TrapHandler> trap_handler = nullptr;
std::atomic<TimerHandler> timer_handler = nullptr;
std::atomic<StopHandler> stop_handler = nullptr;
std::atomic<AbortHandler> abort_handler = nullptr;
std::atomic<bool> stop_flag = false;
cpu_set_t allowed_processors;
constinit thread_local timer_t thread_timer = nullptr;
constinit thread_local bool has_timer = false;

constexpr int kTraps[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
// In somebody else's process: what was there before us, by signal.
constinit bool is_shared = false;
constinit int timer_signal = SIGALRM;
struct sigaction before[NSIG];

// platform.h's order of registers, in the signal frame's numbering.
constexpr int kOrder[16] = {REG_RAX,
                            REG_RCX,
                            REG_RDX,
                            REG_RBX,
                            REG_RSP,
                            REG_RBP,
                            REG_RSI,
                            REG_RDI,
                            REG_R8,
                            REG_R9,
                            REG_R10,
                            REG_R11,
                            REG_R12,
                            REG_R13,
                            REG_R14,
                            REG_R15};

Registers take_registers(const ucontext_t& context) {
    Registers registers{};
    for (int i = 0; i < 16; ++i) {
        registers.general[i] = static_cast<std::uint64_t>(context.uc_mcontext.gregs[kOrder[i]]);
    }
    registers.rip = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
    registers.rflags = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_EFL]);
    return registers;
}

void put_registers(ucontext_t& context, const Registers& registers) {
    for (int i = 0; i < 16; ++i) {
        context.uc_mcontext.gregs[kOrder[i]] = static_cast<greg_t>(registers.general[i]);
    }
    context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(registers.rip);
    context.uc_mcontext.gregs[REG_EFL] = static_cast<greg_t>(registers.rflags);
}

TrapCause cause_of(int signal, const siginfo_t& info) {
    switch (signal) {
    case SIGILL:
        return TrapCause::IllegalInstruction;
    case SIGFPE:
        return info.si_code == FPE_INTDIV ? TrapCause::Arithmetic : TrapCause::FloatingPoint;
    case SIGTRAP:
        return TrapCause::Breakpoint;
    case SIGBUS:
        return TrapCause::OutOfMemory;
    default:
        return TrapCause::PageFault;
    }
}

// Only calls that are safe in a signal handler.
[[noreturn]] void report_fatal(const Trap& trap) {
    char text[512];
    const auto& registers = *trap.registers;
    int length =
        std::snprintf(text,
                      sizeof text,
                      "tessera: fault of the kernel itself: trap %u at rip %#lx, address %#lx%s, rsp %#lx, rbp %#lx\n",
                      static_cast<unsigned>(trap.cause),
                      registers.rip,
                      trap.address,
                      trap.write ? " (write)" : "",
                      registers.general[kRsp],
                      registers.general[kRbp]);
    if (length > 0) {
        (void)!write(STDERR_FILENO, text, static_cast<std::size_t>(length));
    }
    signal(SIGABRT, SIG_DFL);
    kill(getpid(), SIGABRT);
    _exit(70);
}

// To whom it would have gone without us, in the way in which it would have come there.
void pass_on(int signal, siginfo_t* info, void* context_pointer) {
    const auto& handler = before[signal];
    const bool was_sent = info->si_code <= 0;  // by somebody, not by an instruction
    if (handler.sa_handler == SIG_IGN && was_sent) {
        return;
    }
    if (handler.sa_handler == SIG_DFL || handler.sa_handler == SIG_IGN) {
        ::signal(signal, SIG_DFL);  // and the instruction is tried again
        if (was_sent) {
            syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal);
        }
        return;
    }
    sigset_t mask = static_cast<ucontext_t*>(context_pointer)->uc_sigmask;
    sigorset(&mask, &mask, &handler.sa_mask);
    if ((handler.sa_flags & SA_NODEFER) == 0) {
        sigaddset(&mask, signal);
    }
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    if ((handler.sa_flags & SA_SIGINFO) != 0) {
        handler.sa_sigaction(signal, info, context_pointer);
    } else {
        handler.sa_handler(signal);
    }
}

void on_trap(int signal, siginfo_t* info, void* context_pointer) {
    auto& context = *static_cast<ucontext_t*>(context_pointer);
    const int saved_errno = errno;
    Registers registers = take_registers(context);
    const auto error = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_ERR]);
    const bool memory = signal == SIGSEGV || signal == SIGBUS;
    const bool page_fault = memory && context.uc_mcontext.gregs[REG_TRAPNO] != kGeneralProtection;
    // SAFETY: the faulting address as a number.
    Trap trap{cause_of(signal, *info),
              page_fault && (error & kErrorWrite) != 0,
              page_fault && (error & kErrorFetch) != 0,
              memory ? reinterpret_cast<std::uintptr_t>(info->si_addr) : 0,
              &registers};
    const auto handler = trap_handler.load();
    if (handler == nullptr || handler(trap) == TrapAction::Fatal) {
        if (!is_shared) {
            report_fatal(trap);
        }
        errno = saved_errno;
        pass_on(signal, info, context_pointer);
        return;
    }
    put_registers(context, registers);
    errno = saved_errno;
}

void on_timer(int /*unused*/, siginfo_t* /*unused*/, void* context_pointer) {
    auto& context = *static_cast<ucontext_t*>(context_pointer);
    const int saved_errno = errno;
    if (const auto handler = timer_handler.load()) {
        Registers registers = take_registers(context);
        handler(registers);
        put_registers(context, registers);
    }
    errno = saved_errno;
}

// A second Ctrl-C ends the process the ordinary way.
void on_interrupt(int signal) {
    if (stop_flag.exchange(true)) {
        ::signal(signal, SIG_DFL);
        raise(signal);
    }
    if (const auto handler = stop_handler.load()) {
        handler();
    }
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*), int flags) {
    struct sigaction action{};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | flags;
    sigfillset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

}  // namespace

namespace hosted {

void remember_processors() {
    CPU_ZERO(&allowed_processors);
    sched_getaffinity(0, sizeof allowed_processors, &allowed_processors);
}

void install_signal_handlers() {
    for (const int signal : kTraps) {
        handle(signal, on_trap, 0);
    }
    handle(SIGALRM, on_timer, SA_RESTART);
    struct sigaction action{};
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_ONSTACK | SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

bool share_signal_handlers() {
    for (int signal = SIGRTMAX; signal >= SIGRTMIN; --signal) {
        if (sigaction(signal, nullptr, &before[signal]) == 0 && before[signal].sa_handler == SIG_DFL) {
            timer_signal = signal;
            is_shared = true;
            break;
        }
    }
    if (!is_shared) {
        return false;
    }
    for (const int signal : kTraps) {
        sigaction(signal, nullptr, &before[signal]);
        handle(signal, on_trap, 0);
    }
    handle(timer_signal, on_timer, SA_RESTART);
    return true;
}

void give_back_signal_handlers() {
    for (const int signal : kTraps) {
        struct sigaction now{};
        // Who has put one over ours since then has to keep his.
        if (sigaction(signal, nullptr, &now) == 0 && now.sa_sigaction == on_trap) {
            sigaction(signal, &before[signal], nullptr);
        }
    }
    ::signal(timer_signal, SIG_IGN);  // what is still under way is for nobody
    ::signal(timer_signal, SIG_DFL);
    is_shared = false;
}

}  // namespace hosted

namespace {

// A thread's signal stack, as long as it needs one, and its timer.
class SignalStack {
  public:
    SignalStack() = default;
    ~SignalStack() {
        if (std::exchange(has_timer, false)) {
            timer_delete(thread_timer);
        }
        give_back();
    }
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

    [[nodiscard]] bool is_there() const { return memory_ != nullptr; }
    void take() {
        memory_ = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        const stack_t stack{.ss_sp = memory_, .ss_flags = 0, .ss_size = kSignalStackBytes};
        sigaltstack(&stack, &before_);
    }
    void give_back() {
        if (memory_ == nullptr) {
            return;
        }
        stack_t now{};
        if (sigaltstack(nullptr, &now) == 0 && now.ss_sp == memory_) {
            sigaltstack(&before_, nullptr);
        }
        munmap(std::exchange(memory_, nullptr), kSignalStackBytes);
    }

  private:
    void* memory_ = nullptr;
    stack_t before_{};
};

SignalStack& signal_stack() {
    thread_local SignalStack stack;
    return stack;
}

// What stays blocked on a worker's thread, and what must not be on a visitor's.
sigset_t own_signals() {
    sigset_t own;
    sigemptyset(&own);
    for (const int signal : kTraps) {
        sigaddset(&own, signal);
    }
    sigaddset(&own, timer_signal);
    return own;
}

}  // namespace

namespace hosted {

void prepare_visitor() {
    if (signal_stack().is_there()) {
        return;
    }
    signal_stack().take();
    const auto own = own_signals();
    pthread_sigmask(SIG_UNBLOCK, &own, nullptr);
}

void release_visitor() { signal_stack().give_back(); }

int this_thread() { return static_cast<int>(syscall(SYS_gettid)); }
void interrupt(int thread) { syscall(SYS_tgkill, getpid(), thread, timer_signal); }

NoSignals::NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
}
NoSignals::~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace hosted

namespace {

// Returns only if the kernel itself is to end.
void on_abort() {
    if (const auto handler = abort_handler.load()) {
        handler();
    }
}

}  // namespace

void set_trap_handler(TrapHandler handler) { trap_handler = handler; }
void set_timer_handler(TimerHandler handler) { timer_handler = handler; }
void set_abort_handler(AbortHandler handler) { abort_handler = handler; }
bool stop_requested() { return stop_flag.load(); }
void set_stop_handler(StopHandler handler) { stop_handler = handler; }

void prepare_thread(unsigned core) {
    signal_stack().take();
    struct sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = timer_signal;
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    has_timer = timer_create(CLOCK_MONOTONIC, &event, &thread_timer) == 0;
    if (is_shared) {
        sigset_t others;
        sigfillset(&others);
        const auto own = own_signals();
        for (int signal = 1; signal < NSIG; ++signal) {
            if (sigismember(&own, signal) == 1) {
                sigdelset(&others, signal);
            }
        }
        pthread_sigmask(SIG_SETMASK, &others, nullptr);
        return;
    }
    // Pinning is a wish: a container may not allow it.
    unsigned seen = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &allowed_processors) && seen++ == core) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof one, &one);
            break;
        }
    }
}

unsigned cpu_count() {
    const int count = CPU_COUNT(&allowed_processors);
    return count < 1 ? 1 : static_cast<unsigned>(count);
}

void arm_timer(std::chrono::nanoseconds from_now) {
    if (has_timer) {
        const auto ns = from_now.count();
        const itimerspec when{.it_interval = {},
                              .it_value = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000}};
        timer_settime(thread_timer, 0, &when, nullptr);
    }
}

void disarm_timer() {
    if (has_timer) {
        const itimerspec never{};
        timer_settime(thread_timer, 0, &never, nullptr);
    }
}

}  // namespace tessera::platform

// Takes the place of the C library's, also for shared libraries, so that the kernel hears of it first.
extern "C" void abort() noexcept {
    tessera::platform::on_abort();
    if (tessera::platform::is_shared) {
        raise(SIGABRT);
    }
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _exit(70);
}

// Not by way of abort(): that may end just the guarded run in which it happens.
void tessera::assertion_failed(const char* what, const char* file, unsigned line) noexcept {
    char text[512];
    const int length =
        std::snprintf(text, sizeof text, "tessera: kernel stopped: %s does not hold (%s:%u)\n", what, file, line);
    if (length > 0) {
        (void)!write(STDERR_FILENO, text, std::min(static_cast<std::size_t>(length), sizeof text - 1));
    }
    signal(SIGABRT, SIG_DFL);
    kill(getpid(), SIGABRT);
    _exit(70);
}
