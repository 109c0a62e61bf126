// A place in the scheduler for a thread that is no worker: for the time of some work it is one, with a fiber of its own
// to do it on. Nobody but the thread waits for it: what sleeps or yields on that fiber, the thread does.
//
// Such a thread has no timer. Whoever looks at the seats from time to time interrupts the work that lasts (look), so
// that deadlines and stops are seen there, too, and short work pays nothing for it.
#pragma once

#include "runtime/worker.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace tessera::runtime {

class Seat {
  public:
    // The error: no memory for the stack.
    [[nodiscard]] static Result<std::unique_ptr<Seat>> create(Worker& worker);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    // False: another thread is there. `thread`: what it is to be interrupted by.
    [[nodiscard]] bool try_take(int thread);
    // By the thread that has taken it. Comes back when the work is done, which may go outside meanwhile.
    void run(void (*work)(void*), void* argument);
    // On the fiber of a seat or of any worker: work(argument) on the thread's own stack, and not to be interrupted.
    static void run_outside(void (*work)(void*), void* argument);
    // Whether the current thread is in such work.
    [[nodiscard]] static bool is_outside();
    void leave();

    // By one thread, now and then: interrupts the work that was there at the last look. The thread is in its seat while
    // `interrupt` runs. Whether there has been any work since then.
    bool look(void (*interrupt)(int thread));

    [[nodiscard]] Fiber& fiber() { return *fiber_; }

  private:
    Seat(Worker& worker, std::unique_ptr<Fiber> fiber);
    void work();
    void go_outside();
    void come_back();
    // Once nobody interrupts it: sets and clears bits.
    void change(std::uint64_t without, std::uint64_t with);

    // The rest counts visits.
    static constexpr std::uint64_t kTaken = 1;
    static constexpr std::uint64_t kInterrupted = 2;
    static constexpr std::uint64_t kOutside = 4;
    static constexpr std::uint64_t kVisit = 8;

    Worker& worker_;
    std::unique_ptr<Fiber> fiber_;
    void (*work_)(void*) = nullptr;
    void* argument_ = nullptr;
    std::atomic<std::uint64_t> state_ = 0;
    std::atomic<int> thread_ = 0;
    std::uint64_t seen_ = 0;  // at the last look
};

}  // namespace tessera::runtime
