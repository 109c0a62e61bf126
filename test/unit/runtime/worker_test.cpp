// Fibers on several workers: each runs to its end, moves between cores, and what one wrote another sees. Runs under
// ThreadSanitizer too, which sees a race in the scheduler itself even where the outcome happens to be right.
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/worker.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

using namespace tessera;
using namespace std::chrono_literals;

namespace {

constexpr unsigned kWorkers = 4;

void prepare() {
    platform::hosted::remember_processors();
    platform::prepare_thread(0);
    platform::set_timer_handler([](platform::Registers& /*unused*/) noexcept {});
    platform::hosted::install_signal_handlers();
}

}  // namespace

TEST_CASE("every fiber runs to its end, however often it gives its core away", "[runtime]") {
    prepare();
    constexpr unsigned kFibers = 200;
    constexpr unsigned kYields = 50;
    runtime::Scheduler scheduler(kWorkers);
    std::vector<unsigned> turns(kFibers);  // plain: each belongs to one fiber, on whichever core that is
    for (unsigned i = 0; i < kFibers; ++i) {
        REQUIRE(scheduler.spawn([&turns, i] {
            for (unsigned turn = 0; turn < kYields; ++turn) {
                ++turns[i];
                runtime::yield();
            }
        }));
    }
    scheduler.run();
    CHECK(std::ranges::count(turns, kYields) == kFibers);
}

TEST_CASE("fibers start fibers", "[runtime]") {
    prepare();
    runtime::Scheduler scheduler(kWorkers);
    std::atomic<unsigned> leaves = 0;
    const std::function<void(unsigned)> grow = [&](unsigned depth) {
        if (depth == 0) {
            ++leaves;
            return;
        }
        for (int i = 0; i < 2; ++i) {
            if (!scheduler.spawn([&grow, depth] { grow(depth - 1); })) {
                leaves += 1000;
            }
            runtime::yield();
        }
    };
    REQUIRE(scheduler.spawn([&] { grow(6); }));
    scheduler.run();
    CHECK(leaves == 64);
}

TEST_CASE("a fiber may be gone, on another core, before its maker goes on", "[runtime]") {
    prepare();
    constexpr unsigned kFibers = 2000;
    runtime::Scheduler scheduler(kWorkers);
    std::atomic<unsigned> done = 0;
    REQUIRE(scheduler.spawn([&] {
        for (unsigned i = 0; i < kFibers; ++i) {
            if (!scheduler.spawn([&done] { ++done; })) {
                done += kFibers;
            }
        }
    }));
    scheduler.run();
    CHECK(done == kFibers);
}

TEST_CASE("what a fiber wrote before a lock or a release is seen by the one that takes it", "[runtime]") {
    prepare();
    runtime::Scheduler scheduler(kWorkers);
    std::mutex mutex;
    unsigned guarded = 0;
    std::vector<unsigned> message;
    std::atomic<bool> sent = false;
    unsigned received = 0;
    for (unsigned i = 0; i < 32; ++i) {
        REQUIRE(scheduler.spawn([&] {
            for (unsigned turn = 0; turn < 100; ++turn) {
                {
                    const std::scoped_lock lock(mutex);
                    ++guarded;
                }
                runtime::yield();
            }
        }));
    }
    REQUIRE(scheduler.spawn([&] {
        while (!sent.load(std::memory_order_acquire)) {
            runtime::yield();
        }
        received = message.at(2);
    }));
    REQUIRE(scheduler.spawn([&] {
        message = {1, 2, 3};
        sent.store(true, std::memory_order_release);
    }));
    scheduler.run();
    CHECK(guarded == 3200);
    CHECK(received == 3);
}

TEST_CASE("background work stays on its worker, and comes to its end beside fibers that never rest", "[runtime]") {
    prepare();
    for (const unsigned workers : {1U, kWorkers}) {
        runtime::Scheduler scheduler(workers);
        std::atomic<unsigned> done = 0;
        std::atomic<bool> moved = false;
        for (unsigned core = 0; core < workers; ++core) {
            REQUIRE(scheduler.spawn_background(core, [&, core] {
                for (int turn = 0; turn < 3; ++turn) {
                    moved = moved || runtime::current_worker()->core() != core;
                    runtime::sleep_until(std::chrono::steady_clock::now() + 1ms);
                    moved = moved || runtime::current_worker()->core() != core;
                    runtime::yield();
                }
                ++done;
            }));
            REQUIRE(scheduler.spawn([&] {
                while (done != workers) {
                    runtime::yield();
                }
            }));
        }
        scheduler.run();
        CHECK(done == workers);
        CHECK_FALSE(moved);
    }
}

TEST_CASE("background work runs in between only for its share", "[runtime]") {
    prepare();
    runtime::Scheduler scheduler(1);
    unsigned background = 0;
    bool done = false;
    REQUIRE(scheduler.spawn_background(0, [&] {
        while (!done) {
            ++background;
            runtime::yield();
        }
    }));
    unsigned turns = 0;
    REQUIRE(scheduler.spawn([&] {
        const auto end = std::chrono::steady_clock::now() + 200ms;
        while (background < 4 || std::chrono::steady_clock::now() < end) {
            ++turns;
            runtime::yield();
        }
        done = true;
    }));
    scheduler.run();
    CHECK(background >= 4);
    CHECK(turns > background);
}

TEST_CASE("a fiber that works is told when a sleeper's time has come", "[runtime]") {
    prepare();
    runtime::Scheduler scheduler(1);
    bool woke = false;
    bool told = false;
    REQUIRE(scheduler.spawn([&] {
        runtime::sleep_until(std::chrono::steady_clock::now() + 5ms);
        woke = true;
    }));
    REQUIRE(scheduler.spawn([&] {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!told && std::chrono::steady_clock::now() < end) {
            told = runtime::current_worker()->others_wait();
        }
        CHECK_FALSE(woke);
    }));
    scheduler.run();
    CHECK(told);
    CHECK(woke);
}

TEST_CASE("a sleeping fiber wakes no earlier than it asked, and the others run meanwhile", "[runtime]") {
    prepare();
    runtime::Scheduler scheduler(kWorkers);
    std::vector<std::chrono::steady_clock::duration> early(8);
    unsigned turns = 0;
    for (unsigned i = 0; i < early.size(); ++i) {
        REQUIRE(scheduler.spawn([&early, i] {
            const auto when = std::chrono::steady_clock::now() + 5ms * (early.size() - i);
            runtime::sleep_until(when);
            early[i] = when - std::chrono::steady_clock::now();
        }));
    }
    REQUIRE(scheduler.spawn([&] {
        for (; turns < 10; ++turns) {
            runtime::yield();
        }
    }));
    scheduler.run();
    CHECK(turns == 10);
    CHECK(std::ranges::all_of(early, [](auto one) { return one <= 0ns; }));
}
