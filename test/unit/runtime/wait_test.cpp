// Waits and wake-ups on several workers: none is lost, none is had twice, and what ends a wait otherwise ends it at
// once. Runs under ThreadSanitizer too. No fiber waits without end here: a lost wake-up is a failure, not a hang.
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/ending.h"
#include "runtime/timers.h"
#include "runtime/worker.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>
#include <deque>
#include <random>
#include <vector>

using namespace tessera;
using namespace std::chrono_literals;
using runtime::WaitEnd;
using Clock = std::chrono::steady_clock;

namespace {

void prepare() {
    platform::hosted::remember_processors();
    platform::prepare_thread(0);
    platform::set_timer_handler([](platform::Registers& /*unused*/) noexcept {});
    platform::hosted::install_signal_handlers();
}

Clock::time_point soon() { return Clock::now() + 20s; }

// A semaphore as a program would make one of wait and wake.
struct Tokens {
    std::atomic<int> count = 0;

    bool try_take() {
        auto now = count.load();
        while (now > 0) {
            if (count.compare_exchange_weak(now, now - 1)) {
                return true;
            }
        }
        return false;
    }
    // False: none came for so long that a wake-up was lost.
    bool take() {
        while (!try_take()) {
            if (runtime::wait_while(&count, soon(), [this] { return count <= 0; }) == WaitEnd::Late) {
                return false;
            }
        }
        return true;
    }
    void give() {
        ++count;
        runtime::wake(&count, 1);
    }
};

double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

TEST_CASE("every token that is given is taken, on any number of workers", "[wait]") {
    prepare();
    for (const unsigned workers : {1U, 2U, 4U}) {
        constexpr unsigned kPairs = 8;
        constexpr unsigned kTokens = 1000;
        runtime::Scheduler scheduler(workers);
        std::array<Tokens, 3> tokens;
        std::atomic<unsigned> taken = 0;
        std::atomic<unsigned> lost = 0;
        for (unsigned i = 0; i < kPairs; ++i) {
            auto& one = tokens[i % tokens.size()];
            REQUIRE(scheduler.spawn([&] {
                for (unsigned n = 0; n < kTokens; ++n) {
                    ++(one.take() ? taken : lost);
                }
            }));
            REQUIRE(scheduler.spawn([&one, i] {
                for (unsigned n = 0; n < kTokens; ++n) {
                    one.give();
                    if ((n + i) % 7 == 0) {
                        runtime::yield();
                    }
                }
            }));
        }
        scheduler.run();
        CHECK(taken == kPairs * kTokens);
        CHECK(lost == 0);
    }
}

TEST_CASE("two fibers that wait for each other wake parked workers again and again", "[wait]") {
    prepare();
    for (const unsigned workers : {1U, 2U, 4U}) {
        constexpr unsigned kTurns = 2000;
        runtime::Scheduler scheduler(workers);
        std::array<Tokens, 2> sides;
        std::array<unsigned, 2> turns{};
        for (unsigned side = 0; side < 2; ++side) {
            REQUIRE(scheduler.spawn([&, side] {
                for (unsigned n = 0; n < kTurns && sides[side].take(); ++n) {
                    ++turns[side];
                    sides[1 - side].give();
                }
            }));
        }
        sides[0].count = 1;
        scheduler.run();
        CHECK(turns[0] == kTurns);
        CHECK(turns[1] == kTurns);
    }
}

TEST_CASE("a wait ends once: by a wake-up, its time or a stop", "[wait]") {
    prepare();
    constexpr unsigned kWaiters = 16;
    constexpr unsigned kWaits = 300;
    for (const unsigned workers : {1U, 2U, 4U}) {
        runtime::Scheduler scheduler(workers);
        const int key = 0;
        std::atomic<unsigned> woken = 0;  // as those who waited say
        std::atomic<unsigned> woke = 0;   // and those who woke
        std::atomic<unsigned> late = 0;
        std::atomic<unsigned> early = 0;
        std::atomic<unsigned> stopped = 0;
        std::atomic<unsigned> waiters = kWaiters;
        std::array<std::atomic<runtime::Fiber*>, kWaiters> fibers{};
        std::atomic<bool> may_go = false;  // nobody stops them any more
        for (unsigned i = 0; i < kWaiters; ++i) {
            REQUIRE(scheduler.spawn([&, i] {
                auto& self = *runtime::current_fiber();
                fibers[i] = &self;
                std::minstd_rand random(i);
                for (unsigned n = 0; n < kWaits; ++n) {
                    const auto until = Clock::now() + std::chrono::microseconds(random() % 200);
                    switch (runtime::wait_while(&key, until, [] { return true; })) {
                    case WaitEnd::Woken:
                        ++woken;
                        break;
                    case WaitEnd::Stopped:
                        ++stopped;
                        self.stop = runtime::StopReason::None;
                        break;
                    case WaitEnd::Late:
                        ++late;
                        early += Clock::now() < until ? 1 : 0;
                        break;
                    case WaitEnd::Changed:
                        early += 1;
                        break;
                    }
                }
                --waiters;
                while (!may_go) {
                    runtime::yield();
                }
            }));
        }
        REQUIRE(scheduler.spawn([&] {
            for (unsigned n = 0; waiters != 0; ++n) {
                woke += runtime::wake(&key, n % 3);
                if (auto* fiber = fibers[n % kWaiters].load(); fiber != nullptr && n % 5 == 0) {
                    runtime::request_stop(*fiber, runtime::StopReason::Requested);
                }
                runtime::yield();
            }
            may_go = true;
        }));
        scheduler.run();
        CHECK(woken == woke);
        CHECK(early == 0);
        CHECK(woken + late + stopped == kWaiters * kWaits);
    }
}

TEST_CASE("a stop ends a wait without end at once, and a sleep", "[wait]") {
    prepare();
    for (const unsigned workers : {1U, 4U}) {
        runtime::Scheduler scheduler(workers);
        const int key = 0;
        std::atomic<runtime::Fiber*> waits = nullptr;
        std::atomic<runtime::Fiber*> sleeps = nullptr;
        std::atomic<unsigned> ended = 0;
        const auto begin = Clock::now();
        REQUIRE(scheduler.spawn([&] {
            waits = runtime::current_fiber();
            ended += runtime::wait_while(&key, runtime::kWithoutEnd, [] { return true; }) == WaitEnd::Stopped ? 1 : 0;
        }));
        REQUIRE(scheduler.spawn([&] {
            sleeps = runtime::current_fiber();
            runtime::sleep_until(Clock::now() + 1h);
            ended += runtime::is_to_stop(*runtime::current_fiber()) ? 1 : 0;
        }));
        REQUIRE(scheduler.spawn([&] {
            while (waits == nullptr || sleeps == nullptr) {
                runtime::yield();
            }
            runtime::give_way(1ms);
            runtime::request_stop(*waits.load(), runtime::StopReason::Requested);
            runtime::request_stop(*sleeps.load(), runtime::StopReason::Timeout);
        }));
        scheduler.run();
        CHECK(ended == 2);
        CHECK(Clock::now() - begin < 10s);
    }
}

TEST_CASE("a fiber's deadline, its entry's and the end of a domain end its waits", "[wait]") {
    prepare();
    runtime::Scheduler scheduler(2);
    const int key = 0;
    std::atomic<unsigned> stopped = 0;
    std::atomic<unsigned> inside = 0;
    std::array<Clock::duration, 4> took{};
    runtime::CallTarget inner;
    runtime::CallTarget outer;
    const auto wait = [&](unsigned number) {
        const auto begin = Clock::now();
        ++inside;
        stopped += runtime::wait_while(&key, begin + 20s, [] { return true; }) == WaitEnd::Stopped ? 1 : 0;
        took[number] = Clock::now() - begin;
    };
    REQUIRE(scheduler.spawn([&] {
        const auto end = Clock::now() + 20ms;
        runtime::current_fiber()->deadline_ns = std::chrono::nanoseconds(end.time_since_epoch()).count();
        wait(0);
    }));
    const auto wait_inside = [&](runtime::CallTarget* first, runtime::CallTarget* second, auto time, unsigned number) {
        auto& fiber = *runtime::current_fiber();
        runtime::ProgramEntry entries[2];
        entries[0].target = first;
        if (time != 0ms) {
            const auto end = Clock::now() + time;
            entries[0].calls_until_ns = std::chrono::nanoseconds(end.time_since_epoch()).count();
        }
        entries[1].target = second;
        entries[1].outer = &entries[0];
        fiber.entry = &entries[1];
        wait(number);
        fiber.entry = nullptr;
    };
    REQUIRE(scheduler.spawn([&] { wait_inside(nullptr, nullptr, 20ms, 1); }));
    REQUIRE(scheduler.spawn([&] { wait_inside(&outer, &inner, 0ms, 2); }));
    REQUIRE(scheduler.spawn([&] { wait_inside(&outer, nullptr, 0ms, 3); }));
    REQUIRE(scheduler.spawn([&] {
        while (inside != 4) {
            runtime::yield();
        }
        runtime::give_way(1ms);
        runtime::begin_end(inner);
        runtime::begin_end(outer);
    }));
    scheduler.run();
    runtime::end_is_over(inner);
    runtime::end_is_over(outer);
    CHECK(stopped == 4);
    CHECK(took[0] >= 20ms);
    CHECK(took[1] >= 20ms);
    CHECK(took[3] >= runtime::kCalleesTime);  // what it has called has a while
    CHECK(std::ranges::all_of(took, [](auto time) { return time < 10s; }));
    CHECK(inner.waits == 0);
    CHECK(outer.waits == 0);
}

TEST_CASE("workers that have nothing to do halt", "[wait]") {
    prepare();
    runtime::Scheduler scheduler(4);
    double used = 0;
    REQUIRE(scheduler.spawn([&] {
        const auto before = processor_seconds();
        runtime::sleep_until(Clock::now() + 300ms);
        used = processor_seconds() - before;
    }));
    scheduler.run();
    CHECK(used < 0.05);
}

TEST_CASE("timers come in their order, whichever are taken out between", "[wait]") {
    std::minstd_rand random(1);
    for (int round = 0; round < 200; ++round) {
        std::deque<runtime::Fiber> fibers(1 + random() % 40);
        runtime::Timers timers;
        for (auto& fiber : fibers) {
            fiber.wait.until_ns = static_cast<std::int64_t>(random() % 20);
            fiber.wait.state = runtime::Wait::State::Waits;
            timers.add(fiber.wait);
        }
        for (auto& fiber : fibers) {
            if (random() % 3 == 0) {
                timers.remove(fiber.wait);
                fiber.wait.state = runtime::Wait::State::None;
            }
        }
        std::int64_t last = 0;
        auto left = std::ranges::count_if(
            fibers, [](const auto& fiber) { return fiber.wait.state == runtime::Wait::State::Waits; });
        while (auto* wait = timers.take_due(15)) {
            CHECK(wait->until_ns >= last);
            CHECK(wait->until_ns <= 15);
            CHECK((timers.next_ns() == runtime::kNever || timers.next_ns() >= wait->until_ns));
            last = wait->until_ns;
            --left;
        }
        CHECK(std::ranges::count_if(fibers, [](const auto& fiber) { return fiber.wait.has_timer; }) == left);
        CHECK((left == 0 ? timers.next_ns() == runtime::kNever : timers.next_ns() > 15));
    }
}
