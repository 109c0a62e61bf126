// Running work that may fail in any way (code generation) so that its failure is an error and no more.
//
// The work runs on a big stack of the worker's own; that of background fibers, which give their core away in the middle
// of it, on theirs. It is ended, and everything it had allocated abandoned, when it
// calls escape() (LLVM's fatal errors, failed allocations, abort), traps, runs off that stack, or is over its limits of
// memory or time. The latter two are noticed when it next allocates: there no lock of the allocator is held.
#pragma once

#include "core/base/result.h"
#include "core/platform/platform.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

inline constexpr std::size_t kGuardedStackBytes = std::size_t{32} << 20U;

struct RunLimits {
    std::uint64_t memory_bytes = std::uint64_t{2} << 30U;
    std::chrono::nanoseconds time = std::chrono::seconds(120);  // without pauses
};

// Once on each worker's thread.
void prepare_guarded_runs();

// Null if the work returned, else why not (static text).
[[nodiscard]] const char* run_guarded(void (*work)(void*), void* argument, const RunLimits& limits);

// Ends the guarded run of this thread; returns if there is none.
void escape_guarded_run(const char* reason);

// In the work of a background fiber, or between runs: gives its core to others if its time slice is over. Not with a
// lock held that other fibers take. On other fibers and none: nothing.
void pause_background();

// --- For the allocation functions: memory taken and given back. The first ends a run that is over a limit.
void charge_guarded_run(std::size_t bytes);
void credit_guarded_run(std::size_t bytes);

// --- For trap and timer handlers.
[[nodiscard]] bool guarded_run_active();
[[nodiscard]] class Stack* guarded_run_stack();  // null: none is active, or it has no stack that grows
// The registers go back to where the run began.
void abandon_guarded_run(platform::Trap& trap);
// The run is also over when its program's time is (0: no such limit), or when a stop was asked for.
void guarded_run_tick(std::int64_t program_deadline_ns);

}  // namespace tessera::runtime
