#include "runtime/guarded_run.h"

#include "core/base/assert.h"
#include "runtime/context.h"
#include "runtime/deferral.h"
#include "runtime/ending.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"
#include "runtime/program_heap.h"
#include "runtime/stack.h"
#include "runtime/stack_pool.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <utility>

constinit thread_local tessera::runtime::ThreadState tessera_thread_state;

namespace tessera::runtime {

using Clock = std::chrono::steady_clock;

struct GuardedRun {
    ReturnPoint point{};
    const char* reason = nullptr;
    Heap* heap = nullptr;
    Stack* stack = nullptr;
    Clock::time_point deadline;
    RunEnds ends = RunEnds::WithProgram;
    // Written by the timer's handler on this thread, and read by the run.
    std::atomic<const char*> must_end = nullptr;
    std::atomic<bool> must_yield = false;
    std::atomic<unsigned> deferred = 1;  // sections; one of them is all that is not the work itself
    static constexpr unsigned kSectionsMax = 16;
    std::array<Heap*, kSectionsMax> outer_heaps{};  // by section: what the current heap was before
};

namespace {

// A section has at least so much stack, with pages behind it.
constexpr std::uintptr_t kSectionStackBytes = std::uintptr_t{64} * 1024;

constexpr auto kRelaxed = std::memory_order_relaxed;
// Against this thread's handlers only.
void order() { std::atomic_signal_fence(std::memory_order_seq_cst); }

[[noreturn]] void end_run(GuardedRun& run, const char* reason) {
    run.deferred.store(1, kRelaxed);
    run.reason = reason;
    tessera_return_to(&run.point, 1);
}

void lead_back(GuardedRun& run, platform::Registers& registers, const char* reason) {
    run.deferred.store(1, kRelaxed);
    run.reason = reason;
    // SAFETY: continues as a call of tessera_return_to(&run.point, 1), which uses no stack.
    registers.rip = reinterpret_cast<std::uint64_t>(&tessera_return_to);
    registers.general[platform::kRdi] = reinterpret_cast<std::uint64_t>(&run.point);
    registers.general[platform::kRsi] = 1;
}

const char* why_over(const GuardedRun& run) {
    const auto* fiber = current_fiber();
    const auto now = Clock::now();
    if (run.ends == RunEnds::ByItself) {
        return now > run.deadline ? "it took too long" : nullptr;
    }
    if (platform::stop_requested() || (fiber != nullptr && fiber->stop.load(kRelaxed) == StopReason::Requested)) {
        return "it was stopped from outside";
    }
    if (fiber != nullptr && why_entry_ends(*fiber)) {
        return "its program has ended";
    }
    const auto end = fiber == nullptr ? 0 : fiber->deadline_ns.load(kRelaxed);
    const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    return now > run.deadline || (end != 0 && now_ns > end) ? "it took too long" : nullptr;
}

// Nothing may run off the stack in a section, where it couldn't be ended: here it still can.
void make_room_for_section(const GuardedRun& run) {
    // SAFETY: an address inside the stack, to be touched.
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (here - run.stack->bottom() < kSectionStackBytes + kPageBytes) {
        escape_guarded_run("it ran out of stack");
    }
    for (auto at = here; at > here - kSectionStackBytes; at -= kPageBytes) {
        (void)*reinterpret_cast<const volatile char*>(at);
    }
}

struct Call {
    void (*work)(void*);
    void* argument;
};

std::uint64_t begin(void* pointer) {
    const auto& call = *static_cast<Call*>(pointer);
    leave_deferred();
    call.work(call.argument);
    enter_deferred(nullptr);
    return 0;
}

}  // namespace

// Not inlined: a fiber may be on another core, and so thread, after any call.
[[gnu::noinline]] Heap* current_heap() { return tessera_thread_state.heap; }
[[gnu::noinline]] ThreadState exchange_thread_state(const ThreadState& state) {
    return std::exchange(tessera_thread_state, state);
}

[[gnu::noinline]] void use_heap(Heap* heap) {
    current_fiber()->program_heap = heap;
    tessera_thread_state.heap = heap;
}

const char* run_guarded(void (*work)(void*), void* argument, Heap& heap, std::chrono::nanoseconds time, RunEnds ends) {
    if (tessera_thread_state.run != nullptr) {
        work(argument);
        return nullptr;
    }
    auto* fiber = current_fiber();
    const PooledStack stack(fiber == nullptr ? nullptr : fiber->account);
    if (stack.get() == nullptr) {
        return "no memory is left for its stack";
    }
    GuardedRun run;
    run.heap = &heap;
    run.stack = stack.get();
    run.outer_heaps[0] = &heap;
    run.deadline = Clock::now() + time;
    run.ends = ends;
    Call call{work, argument};
    if (fiber == nullptr) {
        platform::arm_timer(std::chrono::milliseconds(5));
    } else {
        fiber->pinned = true;
    }
    const auto outer = exchange_thread_state({&run, tessera_thread_state.heap});
    const auto ended = tessera_call_returnable(&run.point, begin, &call, stack.get()->top());
    exchange_thread_state(outer);
    if (fiber == nullptr) {
        platform::disarm_timer();
    } else {
        fiber->pinned = false;
    }
    return ended == 0 ? nullptr : run.reason;
}

void escape_guarded_run(const char* reason) {
    if (auto* run = tessera_thread_state.run; run != nullptr && run->deferred.load(kRelaxed) == 0) {
        end_run(*run, reason);
    }
}

// A fiber that works for a program outside of guarded work; null: something else.
static Fiber* program_fiber() {
    auto* fiber = tessera_thread_state.run != nullptr ? nullptr : current_fiber();
    return fiber != nullptr && fiber->program_heap != nullptr ? fiber : nullptr;
}

ProgramHeap::ProgramHeap(Heap& heap) {
    current_fiber()->program_heap = &heap;
    tessera_thread_state.heap = &heap;
}

ProgramHeap::~ProgramHeap() {
    auto& fiber = *current_fiber();
    ASSERT(fiber.heap_sections.depth == 0);
    fiber.program_heap = nullptr;
    tessera_thread_state.heap = nullptr;
}

static void enter_section(HeapSections& sections, Heap* heap) {
    if (sections.depth < HeapSections::kMax) {
        sections.outer[sections.depth] = tessera_thread_state.heap;
        tessera_thread_state.heap = heap;
    }
    ++sections.depth;
}

static void leave_section(HeapSections& sections) {
    if (sections.depth == 0) {
        return;  // a lock that was taken before
    }
    if (--sections.depth < HeapSections::kMax) {
        tessera_thread_state.heap = sections.outer[sections.depth];
    }
}

void* try_allocate(std::size_t bytes) {
    auto* fiber = current_fiber();
    if (fiber == nullptr) {
        return std::malloc(bytes);
    }
    fiber->heap_sections.may_fail = true;
    void* block = std::malloc(bytes);
    fiber->heap_sections.may_fail = false;
    return block;
}

void enter_deferred(Heap* heap) {
    auto* run = tessera_thread_state.run;
    if (run == nullptr) {
        if (auto* fiber = program_fiber()) {
            // All heaps of a program's loading go before its own does, which has a reserve.
            enter_section(fiber->heap_sections, heap == nullptr ? nullptr : fiber->program_heap);
        }
        return;
    }
    const auto depth = run->deferred.load(kRelaxed);
    if (depth == 0) {
        make_room_for_section(*run);
    }
    run->deferred.store(depth + 1, kRelaxed);
    order();
    if (depth < GuardedRun::kSectionsMax) {
        run->outer_heaps[depth] = tessera_thread_state.heap;
        tessera_thread_state.heap = heap;
    }
}

void leave_deferred() {
    auto* run = tessera_thread_state.run;
    if (run == nullptr) {
        if (auto* fiber = program_fiber()) {
            leave_section(fiber->heap_sections);
        }
        return;
    }
    auto depth = run->deferred.load(kRelaxed);
    if (depth == 0) {
        return;  // a lock that was taken before the run began
    }
    --depth;
    if (depth < GuardedRun::kSectionsMax) {
        tessera_thread_state.heap = run->outer_heaps[depth];
    }
    order();
    run->deferred.store(depth, kRelaxed);
    order();
    if (depth != 0) {
        return;
    }
    if (const char* reason = run->must_end.load(kRelaxed)) {
        end_run(*run, reason);
    }
    if (run->must_yield.exchange(false, kRelaxed)) {
        run->deferred.store(1, kRelaxed);
        pause_guarded_run();
    }
}

bool belongs_to_guarded_run(const void* object) {
    const auto* run = tessera_thread_state.run;
    if (run == nullptr) {
        return program_fiber() == nullptr;
    }
    // SAFETY: addresses are compared as numbers.
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    return Heap::owner_of(object) == run->heap || (address >= run->stack->bottom() && address < run->stack->top());
}

bool allocation_may_fail() {
    const auto* fiber = current_fiber();
    return fiber != nullptr && fiber->heap_sections.may_fail;
}

void* heap_failed(Heap& heap, std::size_t bytes, std::size_t alignment) {
    const auto* run = tessera_thread_state.run;
    if (run != nullptr && run->heap == &heap) {
        escape_guarded_run(heap.machine_failed() ? "the machine is out of memory" : "it needs too much memory");
    }
    if (allocation_may_fail()) {
        return nullptr;
    }
    void* block = heap.draw(bytes, alignment);
    if (block == nullptr && run == nullptr) {
        const auto* fiber = program_fiber();
        if (fiber != nullptr && fiber->entry != nullptr && fiber->heap_sections.depth == 0) {
            end_program({.kind = FaultKind::OutOfMemory});
        }
    }
    return block;
}

bool guarded_run_active() { return tessera_thread_state.run != nullptr; }
Stack* guarded_run_stack() { return tessera_thread_state.run == nullptr ? nullptr : tessera_thread_state.run->stack; }

bool abandon_guarded_run(platform::Trap& trap) {
    auto& run = *tessera_thread_state.run;
    if (run.deferred.load(kRelaxed) != 0) {
        return false;
    }
    const char* reason = "it crashed";
    if (trap.cause == platform::TrapCause::PageFault && run.stack->guard_holds(trap.address)) {
        reason = "it ran out of stack";
    } else if (trap.cause == platform::TrapCause::OutOfMemory || run.stack->can_grow_to(trap.address)) {
        reason = "the machine is out of memory";
    }
    lead_back(run, *trap.registers, reason);
    return true;
}

RunTick guarded_run_tick(platform::Registers& registers, bool others_wait) {
    auto& run = *tessera_thread_state.run;
    const char* reason = why_over(run);
    const auto* fiber = current_fiber();
    if (run.deferred.load(kRelaxed) != 0 || (fiber != nullptr && fiber->is_on_preempt_stack(registers))) {
        run.must_end.store(reason, kRelaxed);
        run.must_yield.store(others_wait, kRelaxed);
        return RunTick::Go;
    }
    if (reason == nullptr) {
        run.deferred.store(others_wait ? 1 : 0, kRelaxed);
        return others_wait ? RunTick::Yields : RunTick::Go;
    }
    lead_back(run, registers, reason);
    return RunTick::Ended;
}

void pause_guarded_run() {
    // What the C and C++ libraries keep by thread, and other runs of this thread may change.
    const int saved_errno = errno;
    auto* const once_callable = std::__once_callable;
    auto* const once_call = std::__once_call;
    const auto left = Clock::now();
    yield();
    auto& run = *tessera_thread_state.run;
    run.deadline += Clock::now() - left;
    run.must_yield.store(false, kRelaxed);
    if (const char* reason = why_over(run)) {
        end_run(run, reason);
    }
    std::__once_callable = once_callable;
    std::__once_call = once_call;
    errno = saved_errno;
    order();
    run.deferred.store(0, kRelaxed);
}

}  // namespace tessera::runtime
