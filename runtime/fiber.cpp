#include "runtime/fiber.h"

#include "core/base/assert.h"
#include "runtime/ending.h"

namespace tessera::runtime {

void (*crossing_ends)(ProgramEntry& call) = nullptr;

bool call_program(
    std::uint64_t (*function)(void*), void* argument, std::uint64_t& result, Fault& fault, CallTarget* target) {
    ProgramEntry entry;
    entry.target = target;
    return call_program(entry, function, argument, result, fault);
}

bool call_program(
    ProgramEntry& entry, std::uint64_t (*function)(void*), void* argument, std::uint64_t& result, Fault& fault) {
    auto& fiber = *current_fiber();
    entry.outer = fiber.entry;
    auto* const outer_try = fiber.try_frame;
    auto* const outer_heap = fiber.program_heap;
    fiber.fault = {.kind = FaultKind::Exit, .status = -1};
    const auto call_frame = fiber.call_frame;
    struct Call {
        Fiber* fiber;
        std::uint64_t (*function)(void*);
        void* argument;
        std::uint64_t result;
    } call{&fiber, function, argument, 0};
    std::atomic_signal_fence(std::memory_order_release);  // the timer's handler follows the entries
    fiber.entry = &entry;
    const auto ended = tessera_call_returnable(
        &entry.point,
        [](void* pointer) -> std::uint64_t {
            auto& inner = *static_cast<Call*>(pointer);
            inner.fiber->in_kernel = false;
            inner.result = inner.function(inner.argument);
            inner.fiber->in_kernel = true;
            return 0;
        },
        &call,
        0);
    ASSERT(fiber.entry == &entry);
    fiber.in_kernel = true;
    fiber.entry = entry.outer;
    fiber.try_frame = outer_try;
    fiber.call_frame = call_frame;
    if (fiber.program_heap != outer_heap) {
        use_heap(outer_heap);
    }
    result = call.result;
    fault = fiber.fault;
    return ended == 0;
}

void end_program(const Fault& fault) {
    auto& fiber = *current_fiber();
    auto& entry = *fiber.entry;
    fiber.fault = fault;
    if (auto& trace = fiber.fault.trace; trace.place == 0 && fault.kind != FaultKind::Exit) {
        follow_frames(trace, fiber.call_frame, fiber.program_stack());
    }
    if (entry.arena_stack != 0) {
        crossing_ends(entry);
    }
    tessera_return_to(&entry.point, 1);
}

std::uint32_t catch_throw(std::uint64_t (*function)(void*), void* argument) {
    auto& fiber = *current_fiber();
    TryFrame frame;
    frame.outer = fiber.try_frame;
    frame.entry = fiber.entry;
    fiber.try_frame = &frame;
    const auto call_frame = fiber.call_frame;
    struct Call {
        Fiber* fiber;
        std::uint64_t (*function)(void*);
        void* argument;
    } call{&fiber, function, argument};
    const auto thrown = tessera_call_returnable(
        &frame.point,
        [](void* pointer) -> std::uint64_t {
            auto& inner = *static_cast<Call*>(pointer);
            inner.fiber->in_kernel = false;
            inner.function(inner.argument);
            inner.fiber->in_kernel = true;
            return 0;
        },
        &call,
        0);
    fiber.in_kernel = true;
    fiber.try_frame = frame.outer;
    fiber.call_frame = call_frame;
    return static_cast<std::uint32_t>(thrown);
}

void throw_value(std::uint32_t value) {
    auto& fiber = *current_fiber();
    if (fiber.try_frame == nullptr || fiber.try_frame->entry != fiber.entry) {
        end_program({.kind = FaultKind::Thrown});
    }
    tessera_return_to(&fiber.try_frame->point, value == 0 ? 1 : value);
}

// Only trap handlers let a stack grow, so that nothing is in the midst of it when it has to. This one is still the
// program's: where there is no memory, it ends.
void KernelWork::grow_stack(std::uintptr_t here) {
    if (here - fiber_.stack.bottom() < kKernelReserveBytes) {
        end_program({.kind = FaultKind::StackOverflow});
    }
    // SAFETY: inside the stack.
    (void)*reinterpret_cast<const volatile std::byte*>(here - kKernelReserveBytes);
}

bool is_to_stop(const Fiber& fiber) {
    return fiber.stop.load(std::memory_order_relaxed) != StopReason::None || why_entry_ends(fiber).has_value();
}

static bool has_no_memory(const Fiber& fiber) {
    return fiber.program_heap != nullptr && fiber.program_heap->overdrawn();
}

void pause_point() {
    auto& fiber = *current_fiber();
    if (!fiber.attention.load(std::memory_order_relaxed)) {
        return;
    }
    fiber.attention.store(false, std::memory_order_relaxed);
    if (const auto stop = fiber.stop.load(std::memory_order_relaxed); stop != StopReason::None) {
        end_program({.kind = FaultKind::Stopped, .stop = stop});
    }
    if (const auto why = why_entry_ends(fiber)) {
        end_program({.kind = *why});
    }
    if (has_no_memory(fiber)) {
        end_program({.kind = FaultKind::OutOfMemory});
    }
    yield();
}

bool share_core() {
    auto& fiber = *current_fiber();
    if (!fiber.attention.load(std::memory_order_relaxed)) {
        return true;
    }
    if (is_to_stop(fiber)) {
        return false;
    }
    fiber.attention.store(has_no_memory(fiber), std::memory_order_relaxed);
    yield();
    return true;
}

}  // namespace tessera::runtime
