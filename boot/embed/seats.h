// The seats of a kernel (runtime/seat.h): where threads of the host do what takes a fiber. Each takes the one that it
// had before, if that is free; where all are taken, it waits. A thread of its own looks at them, so that what lasts is
// interrupted.
#pragma once

#include "core/base/result.h"
#include "runtime/seat.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tessera::embed {

class Seats {
  public:
    // `between_looks`: what the same thread does from time to time. The scheduler has so many seats.
    [[nodiscard]] static Result<std::unique_ptr<Seats>>
    create(runtime::Scheduler& scheduler, unsigned count, std::function<void()> between_looks);
    // Nobody is in any of them.
    ~Seats();
    Seats(const Seats&) = delete;
    Seats& operator=(const Seats&) = delete;

    // On a thread of the host, or outside of a fiber: `work` on a fiber. It lets nothing throw and ends nothing.
    template <typename Work>
    void visit(Work&& work) {
        auto& seat = take();
        seat.run([](void* pointer) { (*static_cast<std::remove_reference_t<Work>*>(pointer))(); }, &work);
        leave(seat);
    }

  private:
    Seats() = default;
    [[nodiscard]] runtime::Seat& take();
    [[nodiscard]] runtime::Seat* take_any(int thread);
    void leave(runtime::Seat& seat);
    void look();

    std::vector<std::unique_ptr<runtime::Seat>> seats_;
    std::function<void()> between_looks_;
    std::thread watch_;
    std::mutex mutex_;
    std::condition_variable ends_;
    std::condition_variable free_;
    bool is_over_ = false;
    std::atomic<unsigned> waiting_ = 0;
};

}  // namespace tessera::embed
