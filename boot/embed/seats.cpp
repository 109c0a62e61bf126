#include "boot/embed/seats.h"

#include "core/platform/hosted/signals.h"

namespace tessera::embed {
namespace {

namespace hosted = platform::hosted;
using runtime::Seat;

// A waiting thread looks again by itself, so that no wake-up has to be sure to come.
constexpr std::chrono::milliseconds kWait{1};

// How often it is looked where nobody calls.
constexpr std::chrono::milliseconds kIdle{20};

constinit thread_local int number_of_thread = 0;  // 0: it has not been here
constinit thread_local std::size_t seat_before = 0;

}  // namespace

Result<std::unique_ptr<Seats>>
Seats::create(runtime::Scheduler& scheduler, unsigned count, std::function<void()> between_looks) {
    std::unique_ptr<Seats> seats(new Seats);
    for (unsigned i = 0; i < count; ++i) {
        TRY_TO(auto seat, Seat::create(scheduler.seat(i)));
        seats->seats_.push_back(std::move(seat));
    }
    seats->between_looks_ = std::move(between_looks);
    const hosted::NoSignals none;
    seats->watch_ = std::thread([self = seats.get()] { self->look(); });
    return seats;
}

Seats::~Seats() {
    if (watch_.joinable()) {
        {
            const std::scoped_lock lock(mutex_);
            is_over_ = true;
        }
        ends_.notify_all();
        watch_.join();
    }
}

Seat* Seats::take_any(int thread) {
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        const auto place = (seat_before + i) % seats_.size();
        if (seats_[place]->try_take(thread)) {
            seat_before = place;
            return seats_[place].get();
        }
    }
    return nullptr;
}

Seat& Seats::take() {
    if (number_of_thread == 0) {
        number_of_thread = hosted::this_thread();
        seat_before = static_cast<std::size_t>(number_of_thread);
    }
    hosted::prepare_visitor();
    if (auto* seat = take_any(number_of_thread)) {
        return *seat;
    }
    std::unique_lock lock(mutex_);
    ++waiting_;
    auto* seat = take_any(number_of_thread);
    while (seat == nullptr) {
        free_.wait_for(lock, kWait);
        seat = take_any(number_of_thread);
    }
    --waiting_;
    return *seat;
}

void Seats::leave(Seat& seat) {
    seat.leave();
    if (waiting_.load(std::memory_order_relaxed) != 0) {
        free_.notify_one();
    }
}

void Seats::look() {
    std::unique_lock lock(mutex_);
    bool any = true;
    while (!is_over_) {
        ends_.wait_for(lock, any ? runtime::kTimeSlice : kIdle);
        lock.unlock();
        any = false;
        for (auto& seat : seats_) {
            any = seat->look(hosted::interrupt) || any;
        }
        between_looks_();
        lock.lock();
    }
}

}  // namespace tessera::embed
