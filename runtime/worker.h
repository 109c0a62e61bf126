// Workers: one a core, each with a queue of fibers that are ready to run; an idle worker takes from the others.
//
// A fiber is queued only after its context has been saved, by the worker that it left.
//
// A worker that finds nothing to do halts (parking.h) and is woken by whoever has something for it, one for each fiber
// that becomes ready. One of those that have halted keeps the time of the next timer, the others sleep without end.
//
// Background work stays on its worker. It runs while nothing else is ready there, and for a slice now and then
// otherwise, so that it comes to its end beside programs that never rest.
#pragma once

#include "core/base/result.h"
#include "runtime/fiber.h"
#include "runtime/guarded_run.h"
#include "runtime/parking.h"
#include "runtime/ready_queue.h"
#include "runtime/timers.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace tessera::runtime {

inline constexpr std::chrono::milliseconds kTimeSlice{5};
inline constexpr std::chrono::milliseconds kOthersTime{15};

class Scheduler;

// What a fiber wants done once it is off its stack.
enum class Leave : std::uint8_t { Yield, Wait, Finish, Outside };

// Where a thread is, for assembly: a fiber may be on another thread after any call.
struct Here {
    Fiber* fiber = nullptr;  // null on a worker's own stack and on threads that are no workers
    std::uint32_t core = 0;  // which worker
};

class Worker {
  public:
    Worker(Scheduler& scheduler, unsigned core, bool has_thread)
        : scheduler_(scheduler), core_(core), has_thread_(has_thread), rests_(!has_thread) {}

    [[nodiscard]] unsigned core() const { return core_; }
    [[nodiscard]] Fiber* fiber() const { return fiber_; }
    [[nodiscard]] Scheduler& scheduler() const { return scheduler_; }
    [[nodiscard]] bool has_thread() const { return has_thread_; }
    // Whether another fiber's turn has come.
    [[nodiscard]] bool others_wait() const;

    // Nothing that this core is in the middle of was begun before: called between fibers, and from the timer in program
    // code.
    void note_pass() { passes_.fetch_add(1); }

    // On a fiber: back to the worker.
    void leave(Leave how);

    // Of a worker without a thread (Scheduler): the current thread, which is no worker, is this one until the fiber has
    // left by Leave::Finish. It may be made to go on so by another visit.
    void visit(Fiber& fiber);
    // On a fiber: work(argument) on the thread's own stack, as if there were no fiber. What it calls may visit others.
    void run_outside(void (*work)(void*), void* argument);

  private:
    friend class Scheduler;
    void loop();
    void run(Fiber& fiber);
    void enter(Fiber& fiber);
    void step_outside(Fiber& fiber);
    void wait_for_ready(Fiber& fiber);
    void push(Fiber& fiber) { (fiber.home != nullptr ? background_ : queue_).push(fiber); }
    [[nodiscard]] bool background_is_due() const;
    [[nodiscard]] bool sees_work() const;
    Fiber* next();
    Fiber* steal();
    void park();
    // False: it does not sleep, or somebody else wakes it.
    bool unpark();

    Scheduler& scheduler_;
    unsigned core_;
    bool has_thread_;
    Fiber* fiber_ = nullptr;
    std::uintptr_t own_stack_ = 0;
    void* own_tsan_ = nullptr;
    Leave leave_ = Leave::Yield;
    void (*outside_work_)(void*) = nullptr;
    void* outside_argument_ = nullptr;
    ReadyQueue queue_;
    ReadyQueue background_;
    std::atomic<std::uint64_t> passes_ = 0;
    Parking parking_;
    std::atomic<bool> parked_ = false;                       // whoever clears it wakes it
    std::atomic<bool> visitor_ready_ = false;                // without a thread: its fiber waits no longer
    std::atomic<bool> rests_;                                // nothing is begun that this core is in the middle of
    std::chrono::steady_clock::time_point background_next_;  // its turn, if others don't rest
};

class Scheduler {
  public:
    // `seats`: so many more workers have no threads, but are visited by those of others (seat.h).
    explicit Scheduler(unsigned workers, unsigned seats = 0);
    ~Scheduler();

    // Before run(), from a fiber, or while somebody keeps it.
    // What the fiber takes of memory is charged to the account, if there is one.
    Result<void> spawn(std::function<void()> body, Account* account = nullptr, AfterFiber after = {});
    // Background work on one worker: it yields by itself, and is preempted in guarded runs.
    Result<void> spawn_background(unsigned core, std::function<void()> body, Account* account = nullptr);
    // Becomes worker 0, starts the others, returns when no fiber is left and nobody keeps it.
    void run();
    // run() goes on until as many have let go of it. From any thread.
    void keep() { ++alive_; }
    void let_go();

    // A fiber that waited may go on. From any thread.
    void make_ready(Fiber& fiber);
    [[nodiscard]] Timers& timers() { return timers_; }

    [[nodiscard]] Worker& seat(unsigned number) { return *workers_[threads_max_ + number]; }

    // On a fiber: returns when each core has been seen between fibers or in program code since. Short kernel work that
    // took no reference (caps/call/cross.S) is over then, and what it looked at can go.
    void wait_for_passes();

    [[nodiscard]] unsigned worker_count() const { return static_cast<unsigned>(workers_.size()); }

  private:
    friend class Worker;
    Result<void>
    start(Worker& worker, Worker* home, Account* account, std::function<void()> body, AfterFiber after = {});
    void finish(Fiber* fiber);
    void end_waits();
    void wake_one(Worker& first);
    void wake_all();
    void note_stop();  // in a signal's handler
    void keep_time(Worker& worker);
    [[nodiscard]] std::int64_t watch();

    std::vector<std::unique_ptr<Worker>> workers_;
    unsigned threads_max_;  // of the workers, the first: those that have one
    std::vector<std::thread> threads_;
    Timers timers_;
    std::atomic<std::int64_t> watched_ns_ = kNever;  // when one of those that have halted will look at the timers
    std::atomic<std::size_t> alive_ = 0;
    std::atomic<unsigned> parked_ = 0;
    std::atomic<bool> stop_seen_ = false;
    SpinLock last_;  // of who lets go last, until nothing of this is touched any more
};

[[nodiscard]] Worker* current_worker();
void wait_for_passes();  // of this worker's scheduler; on other threads there is nothing to wait for
[[nodiscard]] std::uint32_t current_core();
[[nodiscard]] std::uint32_t core_count();  // workers of this one's scheduler; 1 on other threads

}  // namespace tessera::runtime

// This thread's. For assembly (caps/call/cross.S); the rest goes by functions.
extern "C" constinit thread_local tessera::runtime::Here tessera_here;
