// Running work that may fail in any way (reading, checking, code generation, linking) so that its failure is an error
// and no more.
//
// The work has a stack and a heap of its own. It is ended when it calls escape (LLVM's fatal errors, abort), traps,
// runs off its stack, needs more memory than its heap may take, or is over its time: at any instruction but in a
// deferred section (deferral.h), and everything that it had allocated goes with its heap. It loses its core to others
// as a program does, and stays on its worker until it is done, since LLVM keeps addresses of its thread's variables.
#pragma once

#include "core/platform/platform.h"
#include "runtime/heap.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

struct Fiber;
struct GuardedRun;
class Stack;

inline constexpr std::size_t kGuardedStackBytes = std::size_t{32} << 20U;

enum class RunEnds : std::uint8_t {
    WithProgram,  // also at its fiber's deadline (Fiber::deadline_ns), and when a stop is asked for
    ByItself,     // what is said of a program that has come to its end
};

// Null if the work returned, else why not (static text), and the heap is only fit to be dropped. `time` is what it may
// run for. Inside of guarded work it is a part of that.
[[nodiscard]] const char* run_guarded(void (*work)(void*),
                                      void* argument,
                                      Heap& heap,
                                      std::chrono::nanoseconds time,
                                      RunEnds ends = RunEnds::WithProgram);

// Ends the guarded run of this thread; returns if there is none, or in a deferred section.
void escape_guarded_run(const char* reason);

// --- For trap and timer handlers.
[[nodiscard]] bool guarded_run_active();
[[nodiscard]] Stack* guarded_run_stack();  // null: none is active
// The registers go back to where the run began. False: a deferred section can't be left.
[[nodiscard]] bool abandon_guarded_run(platform::Trap& trap);
enum class RunTick : std::uint8_t {
    Go,
    Ended,   // the registers go back to where the run began
    Yields,  // it is to be preempted here, and to come to pause_guarded_run
};
[[nodiscard]] RunTick guarded_run_tick(platform::Registers& registers, bool others_wait);
// Gives the core away in the middle of the run, in a section that the tick has entered and this leaves, and ends the
// run if its time has come meanwhile.
void pause_guarded_run();

// --- For workers: what of the thread's state belongs to a fiber.
struct ThreadState {
    GuardedRun* run = nullptr;
    Heap* heap = nullptr;
};
ThreadState exchange_thread_state(const ThreadState& state);
// On a fiber outside of guarded work: what kernel code allocates from here on.
void use_heap(Heap* heap);

}  // namespace tessera::runtime

// This thread's. For assembly (caps/call/cross.S); the rest goes by functions, as a fiber may change its thread.
extern "C" constinit thread_local tessera::runtime::ThreadState tessera_thread_state;
