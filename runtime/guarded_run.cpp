#include "runtime/guarded_run.h"

#include "runtime/context.h"
#include "runtime/fiber.h"
#include "runtime/stack.h"

#include <new>

namespace tessera::runtime {
namespace {

struct GuardedRun {
    ReturnPoint point{};
    const char* reason = nullptr;
    std::int64_t bytes_left = 0;
    std::chrono::steady_clock::time_point deadline;
    const char* must_end = nullptr;  // set by the timer
    Stack* stack = nullptr;
};

// A thread has at most one run at a time: they don't nest, nothing preempts them, and what pauses is not active.
constinit thread_local GuardedRun* active_run = nullptr;
constinit thread_local Stack* big_stack = nullptr;

}  // namespace

void prepare_guarded_runs() {
    if (big_stack != nullptr) {
        return;
    }
    auto stack = Stack::create(kGuardedStackBytes);
    if (!stack) {
        return;  // runs then use the stack that they are called on
    }
    big_stack = new Stack(std::move(*stack));  // for as long as the worker: for ever
}

const char* run_guarded(void (*work)(void*), void* argument, const RunLimits& limits) {
    GuardedRun run;
    run.bytes_left = static_cast<std::int64_t>(limits.memory_bytes);
    run.deadline = std::chrono::steady_clock::now() + limits.time;
    struct Call {
        void (*work)(void*);
        void* argument;
    } call{work, argument};
    auto* fiber = current_fiber();
    const bool own_stack = fiber != nullptr && (fiber->home != nullptr || big_stack == nullptr);
    run.stack = own_stack ? &fiber->stack : big_stack;
    active_run = &run;
    const auto ended = tessera_call_returnable(
        &run.point,
        [](void* pointer) -> std::uint64_t {
            auto& inner = *static_cast<Call*>(pointer);
            inner.work(inner.argument);
            return 0;
        },
        &call,
        own_stack || big_stack == nullptr ? 0 : big_stack->top());
    active_run = nullptr;
    if (!own_stack && big_stack != nullptr) {
        big_stack->shrink();
    }
    return ended == 0 ? nullptr : run.reason;
}

void escape_guarded_run(const char* reason) {
    if (auto* run = active_run) {
        run->reason = reason;
        tessera_return_to(&run->point, 1);
    }
}

bool guarded_run_active() { return active_run != nullptr; }
Stack* guarded_run_stack() { return active_run == nullptr ? nullptr : active_run->stack; }

void abandon_guarded_run(platform::Trap& trap) {
    auto& run = *active_run;
    const bool memory = trap.cause == platform::TrapCause::PageFault;
    if (memory && run.stack != nullptr && run.stack->guard_holds(trap.address)) {
        run.reason = "it ran out of stack";
    } else if (trap.cause == platform::TrapCause::OutOfMemory ||
               (memory && run.stack != nullptr && run.stack->can_grow_to(trap.address))) {
        run.reason = "the machine is out of memory";
    } else {
        run.reason = "it crashed";
    }
    auto& registers = *trap.registers;
    // SAFETY: continues as a call of tessera_return_to(&run.point, 1), which uses no stack.
    registers.rip = reinterpret_cast<std::uint64_t>(&tessera_return_to);
    registers.general[platform::kRdi] = reinterpret_cast<std::uint64_t>(&run.point);
    registers.general[platform::kRsi] = 1;
}

void guarded_run_tick(std::int64_t program_deadline_ns) {
    auto* run = active_run;
    if (run == nullptr) {
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    if (platform::stop_requested()) {
        run->must_end = "it was stopped from outside";
    } else if (now > run->deadline || (program_deadline_ns != 0 && now_ns > program_deadline_ns)) {
        run->must_end = "it took too long";
    }
}

void pause_background() {
    auto* fiber = current_fiber();
    if (fiber == nullptr || fiber->home == nullptr || !fiber->attention.load(std::memory_order_relaxed)) {
        return;
    }
    fiber->attention.store(false, std::memory_order_relaxed);
    auto* run = active_run;
    if (run != nullptr && run->must_end != nullptr) {
        escape_guarded_run(run->must_end);
    }
    const auto left = std::chrono::steady_clock::now();
    active_run = nullptr;
    yield();
    active_run = run;
    if (run != nullptr) {
        run->deadline += std::chrono::steady_clock::now() - left;
    }
}

void charge_guarded_run(std::size_t bytes) {
    auto* run = active_run;
    if (run == nullptr) {
        return;
    }
    if (run->must_end != nullptr) {
        escape_guarded_run(run->must_end);
    }
    run->bytes_left -= static_cast<std::int64_t>(bytes);
    if (run->bytes_left < 0) {
        escape_guarded_run("it needs too much memory");
    }
}

void credit_guarded_run(std::size_t bytes) {
    if (auto* run = active_run) {
        run->bytes_left += static_cast<std::int64_t>(bytes);
    }
}

}  // namespace tessera::runtime
