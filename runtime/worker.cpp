#include "runtime/worker.h"

#include "core/platform/platform.h"
#include "runtime/trap.h"
#include "runtime/tsan.h"

#include <algorithm>
#include <limits>

constinit thread_local tessera::runtime::Here tessera_here;

namespace tessera::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constinit thread_local Worker* worker_of_thread = nullptr;

std::int64_t nanoseconds(Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

void run_body(void* pointer) {
    auto* fiber = static_cast<Fiber*>(pointer);
    fiber->body();
    fiber->body = nullptr;
    fiber->finished = true;
    current_worker()->leave(Leave::Finish);
    __builtin_trap();
}

}  // namespace

// Not inlined: a fiber may be on another core, and so thread, after any call, and no address of this one's may be kept.
[[gnu::noinline]] Worker* current_worker() { return worker_of_thread; }
[[gnu::noinline]] Fiber* current_fiber() { return tessera_here.fiber; }
[[gnu::noinline]] std::uint32_t current_core() { return tessera_here.core; }
std::uint32_t core_count() {
    const auto* worker = current_worker();
    return worker == nullptr ? 1 : worker->scheduler().worker_count();
}

void yield() { current_worker()->leave(Leave::Yield); }

void let_others_run(std::chrono::milliseconds time) { current_fiber()->others_time = time; }

void sleep_until(Clock::time_point when) {
    auto& fiber = *current_fiber();
    // A stop request or a deadline must not wait for the sleep's end.
    while (Clock::now() < when && !is_to_stop(fiber)) {
        current_worker()->leave(Leave::Sleep, std::min(when, Clock::now() + std::chrono::milliseconds(20)));
        check_stop(fiber);
    }
    if (is_to_stop(fiber)) {
        fiber.attention = true;  // the way back to the program ends it
    }
}

void give_way(std::chrono::nanoseconds time) { current_worker()->leave(Leave::Sleep, Clock::now() + time); }

void Worker::leave(Leave how, Clock::time_point when) {
    leave_ = how;
    wake_time_ = when;
    tsan::switch_to(own_tsan_);
    tessera_switch(&fiber_->saved_stack, own_stack_);
}

void ReadyQueue::push(Fiber& fiber) {
    const std::scoped_lock lock(mutex_);
    fibers_.push_back(&fiber);
    count_.store(fibers_.size());
}

// From the front: fibers here are whole programs, which take turns.
Fiber* ReadyQueue::take(bool (*fits)(const Fiber& fiber)) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find_if(fibers_, [&](const Fiber* fiber) { return fits(*fiber); });
    if (found == fibers_.end()) {
        return nullptr;
    }
    auto* fiber = *found;
    fibers_.erase(found);
    count_.store(fibers_.size());
    return fiber;
}

Fiber* ReadyQueue::pop() {
    return take([](const Fiber& /*unused*/) { return true; });
}

Fiber* ReadyQueue::pop_for_another() {
    return take([](const Fiber& fiber) { return !fiber.pinned; });
}

bool Worker::background_is_due() const { return !background_.empty() && Clock::now() >= background_next_; }

bool Worker::others_wait() const {
    return !queue_.empty() || background_is_due() ||
           nanoseconds(Clock::now()) >= scheduler_.next_wake_ns_.load(std::memory_order_relaxed);
}

Fiber* Worker::next() {
    auto* fiber = background_is_due() ? background_.pop() : nullptr;
    if (fiber == nullptr) {
        fiber = queue_.pop();
    }
    if (fiber == nullptr) {
        fiber = steal();
    }
    return fiber != nullptr ? fiber : background_.pop();
}

Fiber* Worker::steal() {
    const auto count = scheduler_.workers_.size();
    for (std::size_t i = 1; i < count; ++i) {
        auto& victim = *scheduler_.workers_[(core_ + i) % count];
        if (auto* fiber = victim.queue_.empty() ? nullptr : victim.queue_.pop_for_another()) {
            return fiber;
        }
    }
    return nullptr;
}

void Worker::enter(Fiber& fiber) {
    fiber_ = &fiber;
    tessera_here.fiber = &fiber;
    begin_time(fiber);
    own_tsan_ = tsan::this_stack();
    tsan::switch_to(fiber.tsan);
    exchange_thread_state(fiber.thread_state);
    tessera_switch(&own_stack_, fiber.saved_stack);
    fiber.thread_state = exchange_thread_state({});
    note_time(fiber);
    note_pass();
    fiber_ = nullptr;
    tessera_here.fiber = nullptr;
}

void Worker::run_outside(void (*work)(void*), void* argument) {
    outside_work_ = work;
    outside_argument_ = argument;
    leave(Leave::Outside);
}

// The work may visit, by which this thread is another worker for a while.
void Worker::step_outside(Fiber& fiber) {
    worker_of_thread = nullptr;
    rests_ = true;
    outside_work_(outside_argument_);
    rests_ = false;
    worker_of_thread = this;
    tessera_here.core = core_;
    enter(fiber);
}

void Worker::visit(Fiber& fiber) {
    rests_ = false;
    worker_of_thread = this;
    tessera_here.core = core_;
    enter(fiber);
    while (leave_ != Leave::Finish) {
        switch (leave_) {
        case Leave::Outside:
            step_outside(fiber);
            continue;
        case Leave::Sleep:
            rests_ = true;
            std::this_thread::sleep_until(wake_time_);
            rests_ = false;
            break;
        case Leave::Yield:
        case Leave::Finish:
            std::this_thread::yield();
            break;
        }
        enter(fiber);
    }
    worker_of_thread = nullptr;
    rests_.store(true, std::memory_order_release);
}

void Worker::run(Fiber& fiber) {
    platform::arm_timer(kTimeSlice);
    enter(fiber);
    while (leave_ == Leave::Outside) {
        step_outside(fiber);
    }
    platform::disarm_timer();
    if (fiber.home != nullptr) {
        background_next_ = Clock::now() + fiber.others_time;
    }
    switch (leave_) {
    case Leave::Yield:
        scheduler_.make_ready(*this, fiber);
        break;
    case Leave::Sleep:
        scheduler_.put_to_sleep(fiber, wake_time_);
        break;
    case Leave::Finish:
        scheduler_.finish(&fiber);
        break;
    case Leave::Outside:
        break;  // has been
    }
}

void Worker::loop() {
    worker_of_thread = this;
    tessera_here.core = core_;
    while (scheduler_.alive_.load() != 0) {
        scheduler_.wake_sleepers();
        if (auto* fiber = next()) {
            run(*fiber);
        } else {
            scheduler_.wait_for_work();
        }
    }
    worker_of_thread = nullptr;
}

Scheduler::Scheduler(unsigned workers, unsigned seats)
    : threads_max_(std::max(workers, 1U)), next_wake_ns_(std::numeric_limits<std::int64_t>::max()) {
    for (unsigned core = 0; core < threads_max_ + seats; ++core) {
        workers_.push_back(std::make_unique<Worker>(*this, core));
        workers_.back()->rests_ = core >= threads_max_;
    }
}

Scheduler::~Scheduler() = default;

Result<void> Scheduler::spawn(std::function<void()> body, Account* account, AfterFiber after) {
    auto* here = current_worker();
    auto& worker = here != nullptr ? *here : *workers_[alive_.load() % threads_max_];
    return start(worker, nullptr, account, std::move(body), after);
}

Result<void> Scheduler::spawn_background(unsigned core, std::function<void()> body, Account* account) {
    auto& worker = *workers_[core % workers_.size()];
    return start(worker, &worker, account, std::move(body));
}

Result<void>
Scheduler::start(Worker& worker, Worker* home, Account* account, std::function<void()> body, AfterFiber after) {
    TRY_TO(auto stack, Stack::create(kFiberStackBytes, account));
    if (account != nullptr && !account->take(Resource::Fibers, 1)) {
        return fail(Blame::Program, "its account has no more fibers");
    }
    if (account != nullptr && !account->charge(sizeof(Fiber))) {
        account->give_back(Resource::Fibers, 1);
        return fail(Blame::Machine, "no memory is left for a fiber");
    }
    auto* fiber = new Fiber;
    fiber->account = account;
    fiber->stack = std::move(stack);
    fiber->call_limit = fiber->stack.bottom() + kCalleeStackBytes;
    fiber->home = home;
    fiber->after = after;
    fiber->others_time = kOthersTime;
    fiber->body = std::move(body);
    fiber->tsan = tsan::create_fiber();
    fiber->saved_stack = prepare_stack(fiber->stack.top(), run_body, fiber);
    ++alive_;
    make_ready(worker, *fiber);
    return {};
}

void Scheduler::run() {
    for (std::size_t i = 1; i < threads_max_; ++i) {
        threads_.emplace_back([this, i] {
            platform::prepare_thread(static_cast<unsigned>(i));
            workers_[i]->loop();
        });
    }
    workers_[0]->loop();
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Scheduler::finish(Fiber* fiber) {
    tsan::destroy_fiber(fiber->tsan);
    auto* const account = fiber->account;
    const auto after = fiber->after;
    delete fiber;  // and its stack
    if (account != nullptr) {
        account->credit(sizeof(Fiber));
        account->give_back(Resource::Fibers, 1);
    }
    if (after.call != nullptr) {
        after.call(after.argument);
    }
    let_go();
}

void Scheduler::let_go() {
    if (alive_.fetch_sub(1) == 1) {
        const std::scoped_lock lock(mutex_);
        ++announced_;
        changed_.notify_all();
    }
}

void Scheduler::put_to_sleep(Fiber& fiber, Clock::time_point when) {
    const std::scoped_lock lock(mutex_);
    sleepers_.push_back({when, &fiber});
    next_wake_ns_ = std::min(next_wake_ns_.load(), nanoseconds(when));
}

void Scheduler::wake_sleepers() {
    const auto now = Clock::now();
    if (nanoseconds(now) < next_wake_ns_.load(std::memory_order_relaxed)) {
        return;
    }
    const std::scoped_lock lock(mutex_);
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
    std::erase_if(sleepers_, [&](const Sleeper& sleeper) {
        if (sleeper.when <= now) {
            auto& worker = sleeper.fiber->home != nullptr ? *sleeper.fiber->home : *current_worker();
            worker.push(*sleeper.fiber);
            if (&worker != current_worker()) {
                ++announced_;
                changed_.notify_all();
            }
            return true;
        }
        next = std::min(next, nanoseconds(sleeper.when));
        return false;
    });
    next_wake_ns_ = next;
}

void Scheduler::wait_for_work() {
    std::unique_lock lock(mutex_);
    const auto seen = announced_;
    // First idle, then a look; make_ready() first queues, then looks who is idle. One of the two sees the other,
    // whatever comes between.
    ++idle_;
    const bool ready = std::ranges::any_of(workers_, [](const auto& worker) { return !worker->queue_.empty(); });
    if (ready || !current_worker()->background_.empty() || alive_.load() == 0) {
        --idle_;
        return;
    }
    constexpr auto kIdleMax = std::chrono::milliseconds(50);
    const auto next = Clock::time_point(std::chrono::nanoseconds(next_wake_ns_.load()));
    const auto until = std::min(Clock::now() + kIdleMax, next);
    auto& rests = current_worker()->rests_;
    rests = true;
    changed_.wait_until(lock, until, [&] { return announced_ != seen; });
    rests = false;
    --idle_;
}

void Scheduler::wait_for_passes() {
    constexpr auto kBetween = std::chrono::microseconds(100);
    for (auto& worker : workers_) {
        const auto before = worker->passes_.load();
        while (worker.get() != current_worker() && worker->passes_.load() == before && !worker->rests_.load()) {
            give_way(kBetween);
        }
    }
}

void wait_for_passes() {
    if (auto* worker = current_worker(); worker != nullptr && worker->fiber() != nullptr) {
        worker->scheduler().wait_for_passes();
    }
}

void Scheduler::make_ready(Worker& worker, Fiber& fiber) {
    // Once queued it is another worker's, which may be done with it and have freed it.
    const bool one_worker_only = fiber.home != nullptr;
    worker.push(fiber);
    if (workers_.size() == 1) {
        return;
    }
    if (idle_.load() == 0) {
        return;
    }
    const std::scoped_lock lock(mutex_);
    ++announced_;
    if (one_worker_only) {
        changed_.notify_all();
    } else {
        changed_.notify_one();
    }
}

}  // namespace tessera::runtime
