#include "runtime/seat.h"

#include "runtime/tsan.h"

#include <thread>
#include <utility>

namespace tessera::runtime {
namespace {

constinit thread_local unsigned outside = 0;

// Of the innermost visit of this thread, for run_outside.
constinit thread_local Seat* seat_of_thread = nullptr;
[[gnu::noinline]] Seat* exchange_seat(Seat* seat) { return std::exchange(seat_of_thread, seat); }

}  // namespace

Seat::Seat(Worker& worker, std::unique_ptr<Fiber> fiber) : worker_(worker), fiber_(std::move(fiber)) {}

Seat::~Seat() { tsan::destroy_fiber(fiber_->tsan); }

Result<std::unique_ptr<Seat>> Seat::create(Worker& worker) {
    TRY_TO(auto stack, Stack::create(kFiberStackBytes));
    auto fiber = std::make_unique<Fiber>();
    fiber->stack = std::move(stack);
    fiber->call_limit = fiber->stack.bottom() + kCalleeStackBytes;
    fiber->pinned = true;
    fiber->tsan = tsan::create_fiber();
    std::unique_ptr<Seat> seat(new Seat(worker, std::move(fiber)));
    seat->fiber_->saved_stack =
        prepare_stack(seat->fiber_->stack.top(), [](void* self) { static_cast<Seat*>(self)->work(); }, seat.get());
    return seat;
}

// The fiber's body.
void Seat::work() {
    while (true) {
        work_(argument_);
        worker_.leave(Leave::Finish);
    }
}

bool Seat::try_take(int thread) {
    auto state = state_.load();
    if ((state & (kTaken | kInterrupted)) != 0 || !state_.compare_exchange_strong(state, state | kTaken)) {
        return false;
    }
    thread_.store(thread, std::memory_order_relaxed);
    return true;
}

void Seat::run(void (*work)(void*), void* argument) {
    work_ = work;
    argument_ = argument;
    auto* const outer = exchange_seat(this);
    worker_.visit(*fiber_);
    exchange_seat(outer);
}

// An interruption that is under way arrives before the thread goes on: at a system call, if not before.
void Seat::change(std::uint64_t without, std::uint64_t with) {
    auto state = state_.load(std::memory_order_relaxed);
    while (true) {
        if ((state & kInterrupted) != 0) {
            std::this_thread::yield();
            state = state_.load();
        } else if (state_.compare_exchange_weak(state, (state & ~without) + with)) {
            return;
        }
    }
}

void Seat::leave() { change(kTaken, kVisit); }
void Seat::go_outside() { change(0, kOutside); }
void Seat::come_back() { change(kOutside, kVisit); }

bool Seat::is_outside() { return outside != 0; }

void Seat::run_outside(void (*work)(void*), void* argument) {
    struct Work {
        void (*work)(void*);
        void* argument;
    } call{work, argument};
    current_worker()->run_outside(
        [](void* pointer) {
            const auto& inner = *static_cast<Work*>(pointer);
            auto* const seat = exchange_seat(nullptr);
            if (seat != nullptr) {
                seat->go_outside();
            }
            ++outside;
            inner.work(inner.argument);
            --outside;
            if (seat != nullptr) {
                seat->come_back();
            }
            exchange_seat(seat);
        },
        &call);
}

bool Seat::look(void (*interrupt)(int thread)) {
    auto state = state_.load();
    const bool is_taken = (state & kTaken) != 0;
    const bool is_new = state != seen_;
    seen_ = state;
    if (is_taken && !is_new && (state & kOutside) == 0 && state_.compare_exchange_strong(state, state | kInterrupted)) {
        interrupt(thread_.load(std::memory_order_relaxed));
        state_.fetch_and(~kInterrupted);
    }
    return is_taken || is_new;
}

}  // namespace tessera::runtime
