#include "runtime/trap.h"

#include "core/base/vector_state.h"
#include "core/platform/platform.h"
#include "runtime/arena.h"
#include "runtime/copy.h"
#include "runtime/ending.h"
#include "runtime/guarded_run.h"
#include "runtime/worker.h"

#include <algorithm>

extern "C" {
// preempt.S: keeps the rest of the interrupted program's state, then gives the core away. rdi: the fiber.
void tessera_preempt_entry();
std::uint64_t tessera_preempt_state_mask = 0;
void tessera_preempted(tessera::runtime::Fiber* fiber);
}

namespace tessera::runtime {
namespace {

// [intel/vol1] 3.4.3: direction, trap and alignment check, which kernel code must not inherit.
constexpr std::uint64_t kFlagsToClear = (1U << 10U) | (1U << 8U) | (1U << 18U);

// SAFETY (this file): code and data addresses are numbers in registers.
template <typename T>
std::uint64_t number(T* pointer) {
    return reinterpret_cast<std::uint64_t>(pointer);
}

bool in_copy(std::uintptr_t rip) { return rip >= number(tessera_copy_begin) && rip < number(tessera_copy_end); }

// `ud1l code(%eax), %eax` is how the code generator writes llvm.ubsantrap(code).
std::uint8_t trap_reason(std::uintptr_t rip) {
    const auto* bytes = reinterpret_cast<const volatile std::uint8_t*>(rip);
    if (bytes[0] == 0x67 && bytes[1] == 0x0F && bytes[2] == 0xB9 && bytes[3] == 0x40) {
        return bytes[4];
    }
    return 0;
}

// Where a program was that is ended: in its own code, or in a function of the kernel that has told nobody yet.
Backtrace trace_of(const platform::Registers& registers, const Fiber& fiber) {
    Backtrace trace;
    const auto stack = fiber.program_stack();
    const auto rsp = registers.general[platform::kRsp];
    if (in_program_code(registers.rip)) {
        trace.place = registers.rip;
        trace.top = {stack_word(rsp, stack), stack_word(rsp + 8, stack)};
    } else if (const auto caller = stack_word(rsp, stack); in_program_code(caller)) {
        trace.add(caller);  // the function has no frame
    } else if (const auto outer = stack_word(rsp + 16, stack); in_copy(registers.rip) && in_program_code(outer)) {
        trace.add(outer);  // copy.S keeps at most one more word on the stack
    }
    follow_frames(trace, registers.general[platform::kRbp], stack);
    return trace;
}

void leave_program(platform::Registers& registers, Fiber& fiber, const Fault& fault) {
    fiber.in_kernel = true;
    fiber.fault = fault;
    if (fiber.entry->arena_stack != 0) {
        crossing_ends(*fiber.entry);
    }
    // Continues as a call of tessera_return_to, which uses no stack.
    registers.rip = number(&tessera_return_to);
    registers.rflags &= ~kFlagsToClear;
    registers.general[platform::kRdi] = number(&fiber.entry->point);
    registers.general[platform::kRsi] = 1;
}

// The stack in use that this is a part of, if it may grow to it.
Stack* stack_to_grow(Fiber* fiber, std::uintptr_t address) {
    if (auto* stack = guarded_run_stack(); stack != nullptr && stack->can_grow_to(address)) {
        return stack;
    }
    return fiber != nullptr && fiber->stack.can_grow_to(address) ? &fiber->stack : nullptr;
}

// The stacks in their arenas of the fiber's program and of those that have called it: they lend parts of them.
Arena::Touch touch_arenas(const Fiber* fiber, std::uintptr_t address) {
    for (const auto* entry = fiber == nullptr ? nullptr : fiber->entry; entry != nullptr; entry = entry->outer) {
        const auto touched =
            entry->target == nullptr ? Arena::Touch::Elsewhere : Arena::at(entry->target->base).touch(address);
        if (touched != Arena::Touch::Elsewhere) {
            return touched;
        }
    }
    return Arena::Touch::Elsewhere;
}

platform::TrapAction on_trap(platform::Trap& trap) noexcept {
    auto& registers = *trap.registers;
    auto* fiber = current_fiber();
    const bool memory = trap.cause == platform::TrapCause::PageFault || trap.cause == platform::TrapCause::OutOfMemory;
    auto* stack = memory ? stack_to_grow(fiber, trap.address) : nullptr;
    const auto touched =
        memory && stack == nullptr && !trap.execute ? touch_arenas(fiber, trap.address) : Arena::Touch::Elsewhere;
    const bool grows = stack != nullptr || touched == Arena::Touch::Refused;
    if (touched == Arena::Touch::Done || (stack != nullptr && stack->grow_to(trap.address))) {
        return platform::TrapAction::Resume;
    }
    if (guarded_run_active()) {
        return abandon_guarded_run(trap) ? platform::TrapAction::Resume : platform::TrapAction::Fatal;
    }
    const bool copying = in_copy(registers.rip) && memory;
    const bool kernel = fiber == nullptr || fiber->in_kernel || fiber->entry == nullptr;
    if (copying && kernel) {
        registers.rip = number(tessera_copy_fault);
        return platform::TrapAction::Resume;
    }
    if (kernel) {
        return platform::TrapAction::Fatal;
    }
    Fault fault{.kind = FaultKind::Trap,
                .cause = trap.cause,
                .write = trap.write,
                .execute = trap.execute,
                .address = memory ? trap.address : 0};
    // Both also in the first instructions of a kernel function that the program called.
    if (grows) {
        fault.kind = FaultKind::OutOfMemory;
    } else if (memory && fiber->stack.guard_holds(trap.address)) {
        fault.kind = FaultKind::StackOverflow;
    } else if (!in_program_code(registers.rip) && !copying) {
        return platform::TrapAction::Fatal;
    } else if (trap.cause == platform::TrapCause::IllegalInstruction) {
        fault.reason = trap_reason(registers.rip);
    }
    fault.trace = trace_of(registers, *fiber);
    leave_program(registers, *fiber, fault);
    return platform::TrapAction::Resume;
}

// The code goes on in preempt.S, and from there where it is now.
void preempt(platform::Registers& registers, Fiber& fiber) {
    fiber.preempted = registers;
    fiber.in_kernel = true;
    registers.rip = number(&tessera_preempt_entry);
    registers.rflags &= ~kFlagsToClear;
    registers.general[platform::kRdi] = number(&fiber);
    registers.general[platform::kRsi] = number(&fiber.preempted);
    registers.general[platform::kRsp] = number(fiber.preempt_stack.data() + fiber.preempt_stack.size());
}

void on_timer(platform::Registers& registers) noexcept {
    platform::arm_timer(kTimeSlice);
    auto* worker = current_worker();
    auto* fiber = worker == nullptr ? nullptr : worker->fiber();
    if (guarded_run_active()) {
        if (fiber != nullptr) {
            worker->note_pass();  // no call begins in guarded work
        }
        if (guarded_run_tick(registers, fiber != nullptr && worker->others_wait()) == RunTick::Yields) {
            preempt(registers, *fiber);
        }
        return;
    }
    if (fiber == nullptr) {
        return;
    }
    note_time(*fiber);
    check_stop(*fiber);
    const bool in_program = in_program_code(registers.rip) && !fiber->in_kernel && fiber->entry != nullptr;
    if (in_program) {
        worker->note_pass();
    }
    const auto stop = fiber->stop.load(std::memory_order_relaxed);
    const auto ends = why_entry_ends(*fiber);
    if (stop == StopReason::None && !ends && !worker->others_wait()) {
        return;
    }
    if (!in_program) {
        fiber->attention.store(true, std::memory_order_relaxed);
        return;
    }
    if (stop != StopReason::None) {
        leave_program(
            registers, *fiber, {.kind = FaultKind::Stopped, .stop = stop, .trace = trace_of(registers, *fiber)});
        return;
    }
    if (ends) {
        leave_program(registers, *fiber, {.kind = *ends, .trace = trace_of(registers, *fiber)});
        return;
    }
    preempt(registers, *fiber);
}

}  // namespace

void install_handlers(std::uintptr_t code_begin, std::uintptr_t code_end) {
    set_program_code(code_begin, code_end);
    tessera_preempt_state_mask = kept_vector_state();
    platform::set_trap_handler(on_trap);
    platform::set_timer_handler(on_timer);
}

void check_stop(Fiber& fiber) {
    if (platform::stop_requested()) {
        fiber.stop.store(StopReason::Requested, std::memory_order_relaxed);
    } else if (const auto deadline = fiber.deadline_ns.load(std::memory_order_relaxed); deadline != 0) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        if (std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() > deadline) {
            fiber.stop.store(StopReason::Timeout, std::memory_order_relaxed);
        }
    }
    if (fiber.account != nullptr && !fiber.account->has_time()) {
        fiber.stop.store(StopReason::Timeout, std::memory_order_relaxed);
    }
}

static std::int64_t now_ns() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void begin_time(Fiber& fiber) {
    if (fiber.account != nullptr) {
        fiber.charged_until_ns = now_ns() - fiber.uncharged_ns;
    }
}

void note_time(Fiber& fiber) {
    if (fiber.account == nullptr) {
        return;
    }
    constexpr std::int64_t kMicrosecond = 1000;
    const auto passed = now_ns() - fiber.charged_until_ns;
    if (const auto time = passed / kMicrosecond; time > 0) {
        fiber.account->spend(static_cast<std::uint64_t>(time));
        fiber.charged_until_ns += time * kMicrosecond;
    }
    fiber.uncharged_ns = passed % kMicrosecond;
}

DeadlineScope::DeadlineScope(Fiber& fiber, std::chrono::nanoseconds time)
    : fiber_(fiber), outer_ns_(fiber.deadline_ns.load()) {
    if (time.count() > 0) {
        const auto end = std::chrono::steady_clock::now().time_since_epoch() + time;
        const auto end_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(end).count();
        fiber.deadline_ns = outer_ns_ == 0 ? end_ns : std::min(outer_ns_, end_ns);
    }
}

DeadlineScope::~DeadlineScope() {
    if (fiber_.deadline_ns.exchange(outer_ns_) != outer_ns_ && fiber_.stop.load() == StopReason::Timeout) {
        fiber_.stop = StopReason::None;
        check_stop(fiber_);
    }
}

}  // namespace tessera::runtime

void tessera_preempted(tessera::runtime::Fiber* fiber) {
    using namespace tessera::runtime;
    if (guarded_run_active()) {
        pause_guarded_run();
        return;
    }
    yield();
    check_stop(*fiber);
    if (const auto stop = fiber->stop.load(std::memory_order_relaxed); stop != StopReason::None) {
        end_program({.kind = FaultKind::Stopped, .stop = stop, .trace = trace_of(fiber->preempted, *fiber)});
    }
    if (const auto why = why_entry_ends(*fiber)) {
        end_program({.kind = *why, .trace = trace_of(fiber->preempted, *fiber)});
    }
    fiber->in_kernel = false;
}
