#include "runtime/worker.h"

#include "core/platform/platform.h"
#include "runtime/trap.h"
#include "runtime/tsan.h"
#include "runtime/wait.h"

#include <algorithm>
#include <mutex>

constinit thread_local tessera::runtime::Here tessera_here;

namespace tessera::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constinit thread_local Worker* worker_of_thread = nullptr;
constinit std::atomic<Scheduler*> stoppable = nullptr;  // by the platform's stop requests

std::int64_t nanoseconds(Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

void run_body(void* pointer) {
    auto* fiber = static_cast<Fiber*>(pointer);
    fiber->body();
    fiber->body = nullptr;
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

void Worker::leave(Leave how) {
    leave_ = how;
    tsan::switch_to(own_tsan_);
    tessera_switch(&fiber_->saved_stack, own_stack_);
}

bool Worker::background_is_due() const { return !background_.empty() && Clock::now() >= background_next_; }

bool Worker::others_wait() const {
    return !queue_.empty() || background_is_due() ||
           (scheduler_.timers_.next_ns() != kNever && nanoseconds(Clock::now()) >= scheduler_.timers_.next_ns());
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
        if (auto* fiber = victim.queue_.pop_for_another()) {
            return fiber;
        }
    }
    return nullptr;
}

void Worker::enter(Fiber& fiber) {
    fiber_ = &fiber;
    fiber.worker = this;
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
    if (fiber.account != nullptr && !fiber.account->has_time()) {
        look_at_waits();  // others of the account have no more either
    }
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

// Nobody but this thread waits for the fiber's time.
void Worker::wait_for_ready(Fiber& fiber) {
    rests_ = true;
    begin_wait(fiber);
    while (!visitor_ready_.exchange(false)) {
        parking_.wait(fiber.wait.until_ns);
        if (nanoseconds(Clock::now()) >= fiber.wait.until_ns && end_late(fiber)) {
            break;
        }
    }
    rests_ = false;
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
        case Leave::Wait:
            wait_for_ready(fiber);
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
        // This worker takes it, or the one whose turn is before it: only more than one is work for another.
        push(fiber);
        if (queue_.shared_count() > 1 || background_is_due()) {
            scheduler_.wake_one(*this);
        }
        break;
    case Leave::Wait:
        begin_wait(fiber);
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
        scheduler_.end_waits();
        if (auto* fiber = next()) {
            scheduler_.keep_time(*this);
            run(*fiber);
        } else {
            park();
        }
    }
    worker_of_thread = nullptr;
}

bool Worker::sees_work() const {
    return !queue_.empty() || !background_.empty() || std::ranges::any_of(scheduler_.workers_, [](const auto& worker) {
        return worker->queue_.shared_count() != 0;
    });
}

// No wake-up is lost: this worker first says that it is parked, and then looks for work, the end, or a stop. Who has
// something for it does the opposite: first queues the fiber (or counts the last one down, or notes the stop), then
// looks who is parked. All of these are sequentially consistent, so one of the two sees the other, whatever comes
// between. Who has seen it clears parked_, once, and wakes the semaphore, which remembers that: a wake-up may come
// before the sleep, and too many do no harm.
void Worker::park() {
    parked_ = true;
    ++scheduler_.parked_;
    const auto until_ns = scheduler_.watch();
    if (!sees_work() && scheduler_.alive_.load() != 0 && (scheduler_.stop_seen_ || !platform::stop_requested())) {
        rests_ = true;
        parking_.wait(until_ns);
        rests_ = false;
    }
    if (parked_.exchange(false)) {
        --scheduler_.parked_;
    }
    if (auto watched_ns = until_ns; watched_ns != kNever) {
        scheduler_.watched_ns_.compare_exchange_strong(watched_ns, kNever);
    }
}

bool Worker::unpark() {
    if (!parked_.load() || !parked_.exchange(false)) {
        return false;
    }
    --scheduler_.parked_;
    parking_.wake();
    return true;
}

Scheduler::Scheduler(unsigned workers, unsigned seats) : threads_max_(std::max(workers, 1U)) {
    for (unsigned core = 0; core < threads_max_ + seats; ++core) {
        workers_.push_back(std::make_unique<Worker>(*this, core, core < threads_max_));
    }
}

Scheduler::~Scheduler() = default;

Result<void> Scheduler::spawn(std::function<void()> body, Account* account, AfterFiber after) {
    auto* here = current_worker();
    auto& worker = here != nullptr ? *here : *workers_[alive_.load() % threads_max_];
    return start(worker, nullptr, account, std::move(body), after);
}

Result<void> Scheduler::spawn_background(unsigned core, std::function<void()> body, Account* account) {
    auto& worker = *workers_[core % threads_max_];
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
    fiber->worker = &worker;
    fiber->home = home;
    fiber->after = after;
    fiber->others_time = kOthersTime;
    fiber->body = std::move(body);
    fiber->tsan = tsan::create_fiber();
    fiber->saved_stack = prepare_stack(fiber->stack.top(), run_body, fiber);
    ++alive_;
    make_ready(*fiber);
    return {};
}

void Scheduler::run() {
    stoppable = this;
    platform::set_stop_handler([]() noexcept {
        if (auto* scheduler = stoppable.load(); scheduler != nullptr) {
            scheduler->note_stop();
        }
    });
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
    stoppable = nullptr;
    const std::scoped_lock last(last_);
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
    auto alive = alive_.load();
    while (alive > 1) {
        if (alive_.compare_exchange_weak(alive, alive - 1)) {
            return;
        }
    }
    const std::scoped_lock last(last_);
    if (alive_.fetch_sub(1) == 1) {
        wake_all();
    }
}

// Those that have waited long enough; once a stop was asked for, all that can be stopped.
void Scheduler::end_waits() {
    if (platform::stop_requested() && !stop_seen_.exchange(true)) {
        look_at_waits();
    }
    if (timers_.next_ns() == kNever) {
        return;
    }
    const auto now = nanoseconds(Clock::now());
    while (auto* fiber = next_late(timers_, now)) {
        make_ready(*fiber);
    }
}

void Scheduler::wake_one(Worker& first) {
    if (parked_.load() == 0) {
        return;
    }
    for (std::size_t i = 0; i < threads_max_; ++i) {
        if (workers_[(first.core_ + i) % threads_max_]->unpark()) {
            return;
        }
    }
}

void Scheduler::note_stop() {
    for (auto& worker : workers_) {
        worker->parking_.wake();
    }
}

void Scheduler::wake_all() {
    for (auto& worker : workers_) {
        (void)worker->unpark();
    }
}

// The first timer is waited for by one of those that are parked, while there are any. Who adds one comes by here, or
// parks himself, before he does anything else.
void Scheduler::keep_time(Worker& worker) {
    if (timers_.next_ns() < watched_ns_.load()) {
        wake_one(worker);
    }
}

// Until when the worker that calls is to be parked.
std::int64_t Scheduler::watch() {
    const auto next = timers_.next_ns();
    auto watched = watched_ns_.load();
    while (next < watched) {
        if (watched_ns_.compare_exchange_weak(watched, next)) {
            return next;
        }
    }
    return kNever;
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

void Scheduler::make_ready(Fiber& fiber) {
    auto& last = *fiber.worker;
    if (!last.has_thread_ && fiber.pinned) {
        last.visitor_ready_ = true;
        last.parking_.wake();
        return;
    }
    // Once queued it is another worker's, which may be done with it and have freed it.
    if (fiber.home != nullptr || fiber.pinned) {
        auto& only = fiber.home != nullptr ? *fiber.home : last;
        only.push(fiber);
        (void)only.unpark();
        return;
    }
    auto* const here = current_worker();
    auto& worker = here != nullptr && here->has_thread_ && &here->scheduler_ == this ? *here : last;
    worker.push(fiber);
    wake_one(worker);
}

}  // namespace tessera::runtime
