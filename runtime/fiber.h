// A fiber: a stack and what runs on it. Workers (worker.h) give it a core; it may move between cores whenever it
// yields.
//
// A fiber alternates between kernel code, which is never preempted, and program code, which may be interrupted between
// any two instructions. Entries into programs nest (a program calls the kernel, which calls another program); each is a
// place to go back to when the program inside traps, throws too far, exits or has to be stopped.
#pragma once

#include "core/platform/platform.h"
#include "runtime/backtrace.h"
#include "runtime/call_target.h"
#include "runtime/context.h"
#include "runtime/guarded_run.h"
#include "runtime/program_heap.h"
#include "runtime/stack.h"
#include "runtime/wait.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tessera::runtime {

// Native stack of a fiber, as far as it may grow.
inline constexpr std::size_t kFiberStackBytes = std::size_t{8} << 20U;
// What kernel code that a program calls may use of it: this much is committed before any of it runs. A program that
// calls with less has run out of stack.
inline constexpr std::size_t kKernelReserveBytes = std::size_t{128} * 1024;
// And a callee in another program finds at least this.
inline constexpr std::size_t kCalleeStackBytes = std::size_t{192} * 1024;

// Ended: not the fiber, but the entry (ending.h).
enum class StopReason : std::uint8_t { None, Timeout, Requested, Ended };

enum class FaultKind : std::uint8_t {
    Trap,           // an instruction of the program trapped; the fields of Fault say how
    StackOverflow,  // the fiber's own stack
    OutOfMemory,    // the kernel's part of the program's memory: its account says what was short
    MemoryBounds,   // the kernel was asked to touch `address`, an offset, outside the program's memory
    Refused,        // the kernel refuses to go on: `text` says why
    Exit,           // the program ended itself with `status`
    Stopped,        // `stop` says why
    Ended,          // its domain ends, or that of a caller
    Late,           // a caller has given it so much time and no more
    Thrown,         // a throw that nothing caught
};

// Why a program's call ended early. Plain data: written in trap handlers.
struct Fault {
    FaultKind kind = FaultKind::Trap;
    platform::TrapCause cause = platform::TrapCause::Other;
    bool write = false;
    bool execute = false;
    std::uint8_t reason = 0;  // IllegalInstruction: TESSERA_TRAP's code, 0 if there is none
    StopReason stop = StopReason::None;
    std::int32_t status = 0;
    std::uintptr_t address = 0;
    const char* text = nullptr;  // static
    Backtrace trace{};
};

struct ProgramEntry;

struct TryFrame {
    ReturnPoint point{};
    TryFrame* outer = nullptr;
    const ProgramEntry* entry = nullptr;  // that it is in: what is thrown in another one passes it by
};

// An entry into a program: by call_program, or by a call from another one (caps/call/cross.S, which makes these on the
// stack and knows the places of all that is in here).
struct ProgramEntry {
    // Of a call, all but the registers that functions keep is filled in when it is gone back to (crossing_ends).
    ReturnPoint point{};
    ProgramEntry* outer = nullptr;
    CallTarget* target = nullptr;       // whose code runs; null: a program that nobody can call
    std::uint32_t arena_stack = 0;      // of a call: in the callee's arena, to be given back; 0: it is no call
    std::uint32_t first_temporary = 0;  // of the slots that its domain was given for the time of the entry; 0: none
    std::int64_t calls_until_ns = 0;    // when calls that it makes are to have returned (steady clock); 0: at any time
    std::uint64_t local = 0;            // the program's own word for the entry: where its thread's variables are

    // Where the stack that belongs to the entry ends.
    [[nodiscard]] std::uintptr_t stack_end() const {
        // SAFETY: an address as a number.
        return arena_stack != 0 ? reinterpret_cast<std::uintptr_t>(this) : point.rsp;
    }
};

// Makes the point of a call one to go back to. Set by whoever makes calls (caps/call/crossing.cpp).
extern void (*crossing_ends)(ProgramEntry& call);

// What cross.S reads and writes of a fiber.
struct FiberCalls {
    ProgramEntry* entry = nullptr;
    std::uintptr_t call_limit = 0;  // no call into another program begins with less of the stack
};

class Worker;

// Called when nothing of a fiber is left, and its account has been told, on no fiber.
struct AfterFiber {
    void (*call)(void* argument) = nullptr;
    void* argument = nullptr;
};

struct Fiber : FiberCalls {
    Stack stack;
    std::uintptr_t saved_stack = 0;  // while it is not running
    std::function<void()> body;
    Fiber* next_ready = nullptr;  // in a queue
    Wait wait{*this};
    Worker* worker = nullptr;      // that it is on, or was last
    Worker* home = nullptr;        // of background work: the one worker that runs it
    bool pinned = false;           // in guarded work: stays on the worker that it is on
    ThreadState thread_state;      // while it is not running
    Heap* program_heap = nullptr;  // what the kernel's code allocates on it is the program's (program_heap.h)
    HeapSections heap_sections;
    TryFrame* try_frame = nullptr;
    std::chrono::milliseconds others_time{0};  // and how long others run between its time slices
    Account* account = nullptr;                // what it takes of memory is charged there; null: the kernel's own
    std::int64_t charged_until_ns = 0;         // of its time, steady clock
    std::int64_t uncharged_ns = 0;             // less than a microsecond
    AfterFiber after;
    void* tsan = nullptr;  // what ThreadSanitizer knows it by

    bool in_kernel = true;
    std::uintptr_t call_frame = 0;        // in_kernel by a program's call: the frame of the function that it called
    std::atomic<bool> attention = false;  // the timer found kernel code running: look before going back to the program
    std::atomic<StopReason> stop = StopReason::None;
    std::atomic<std::int64_t> deadline_ns = 0;  // steady clock; 0: none
    Fault fault;                                // of the entry that has ended last

    // What of the stack may be read for a trace of the program that was entered last.
    [[nodiscard]] StackPart program_stack() const { return {stack.committed(), entry->stack_end()}; }

    // Preemption leaves the program's stack alone: it may be full.
    platform::Registers preempted{};
    alignas(64) std::array<std::byte, std::size_t{16} * 1024> preempt_stack{};
    // On its way into preemption or out of it.
    [[nodiscard]] bool is_on_preempt_stack(const platform::Registers& registers) const {
        // SAFETY: addresses are compared as numbers.
        const auto offset = registers.general[platform::kRsp] - reinterpret_cast<std::uintptr_t>(preempt_stack.data());
        return offset <= preempt_stack.size();
    }
};

// The fiber that runs on this core; null on a worker's own stack and on threads that are no workers.
[[nodiscard]] Fiber* current_fiber();

// --- On a fiber, in kernel code.
void yield();
void sleep_until(std::chrono::steady_clock::time_point when);  // returns early if is_to_stop

// Whether the program that the fiber is in has to end, with the fiber or by itself (ending.h).
[[nodiscard]] bool is_to_stop(const Fiber& fiber);

// Others run meanwhile, whoever is to be stopped.
void give_way(std::chrono::nanoseconds time);

// Of this fiber's background work: how long others run between its slices where they never rest.
void let_others_run(std::chrono::milliseconds time);

// Calls function(argument), which enters program code, with a place to come back to. The fault if it ended early.
// `target`: the program's own, if it can be called by others.
[[nodiscard]] bool call_program(std::uint64_t (*function)(void*),
                                void* argument,
                                std::uint64_t& result,
                                Fault& fault,
                                CallTarget* target = nullptr);
// The same with an entry of the caller's, for what it wants to know of it afterwards.
[[nodiscard]] bool call_program(
    ProgramEntry& entry, std::uint64_t (*function)(void*), void* argument, std::uint64_t& result, Fault& fault);

// Ends the innermost call_program with this fault. No frame since the program's call may own anything. A fault without
// a trace gets that of the program's call.
[[noreturn]] void end_program(const Fault& fault);

// Catches a throw inside function(argument); the value thrown, or 0.
[[nodiscard]] std::uint32_t catch_throw(std::uint64_t (*function)(void*), void* argument);
[[noreturn]] void throw_value(std::uint32_t value);

// In long kernel work for a program: gives the core to others if it is their turn, ends the program if it is to be
// stopped. No frame since the program's call may own anything.
void pause_point();
// The same where frames own things. False if the program is to be stopped: the rest of the work is for nobody, and the
// way back to the program ends it.
[[nodiscard]] bool share_core();

// Kernel code that a program calls, from here to the end of the block.
class KernelWork {
  public:
    [[gnu::always_inline]] KernelWork() : fiber_(*current_fiber()) {
        // SAFETY: addresses are compared as numbers.
        const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        fiber_.call_frame = here;
        if (here - fiber_.stack.committed() < kKernelReserveBytes) [[unlikely]] {
            grow_stack(here);
        }
        fiber_.in_kernel = true;
        if (const auto* target = fiber_.entry->target; target != nullptr && target->heap != fiber_.program_heap) {
            use_heap(target->heap);  // another domain's code ran before
        }
    }
    [[gnu::always_inline]] ~KernelWork() { fiber_.in_kernel = false; }
    KernelWork(const KernelWork&) = delete;
    KernelWork& operator=(const KernelWork&) = delete;

  protected:
    Fiber& fiber_;

  private:
    void grow_stack(std::uintptr_t here);
};

// Every function that programs call begins by making one of these. On the way back to the program others may get the
// core, and the program may end: but for what gives it something that only it could give back, which is KernelWork.
class KernelCall : KernelWork {
  public:
    [[gnu::always_inline]] KernelCall() = default;
    [[gnu::always_inline]] ~KernelCall() {
        if (fiber_.attention.load(std::memory_order_relaxed)) [[unlikely]] {
            pause_point();
        }
    }
    KernelCall(const KernelCall&) = delete;
    KernelCall& operator=(const KernelCall&) = delete;
};

}  // namespace tessera::runtime
