// However guarded work fails, the caller gets a reason and goes on.
#include "caps/kernel_guard.h"
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/arena.h"
#include "runtime/copy.h"
#include "runtime/guarded_run.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include "llvm/Support/ErrorHandling.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace tessera;
using namespace std::chrono_literals;

namespace {

void prepare() {
    static const bool once = [] {
        platform::hosted::remember_processors();
        platform::prepare_thread(0);

        return true;
    }();
    (void)once;
    // Every time: the test harness puts its own handlers back after each test.
    platform::hosted::install_signal_handlers();
    runtime::install_handlers(0, 0);
    caps::install_guard_handlers();
}

std::string failure_of(llvm::function_ref<void()> work, const caps::KernelGuard::Limits& limits = {}) {
    prepare();
    caps::KernelGuard guard("the work", limits);
    const auto result = guard.run([&]() -> Result<void> {
        work();
        return {};
    });
    return result ? "" : result.error().text;
}

void spin_until(std::chrono::steady_clock::time_point end) {
    while (std::chrono::steady_clock::now() < end) {
    }
}

[[gnu::noinline]] int recurse(volatile int* depth) {
    volatile char frame[512] = {};
    *depth = *depth + 1;
    if (*depth == -1) {
        return 0;
    }
    return recurse(depth) + frame[static_cast<unsigned>(*depth) % 512U];
}

}  // namespace

TEST_CASE("Work that succeeds is no failure", "[runtime][guard]") {
    CHECK(failure_of([] {}) == "");
}

TEST_CASE("A fatal error of LLVM ends the work with LLVM's reason", "[runtime][guard]") {
    CHECK(failure_of([] { llvm::report_fatal_error("out of registers"); }) == "the work failed: out of registers");
}

TEST_CASE("abort ends the work", "[runtime][guard]") {
    CHECK(failure_of([] { std::abort(); }) == "the work failed: it called abort");
}

TEST_CASE("A crash ends the work", "[runtime][guard]") {
    CHECK(failure_of([] { *reinterpret_cast<volatile int*>(8) = 1; }) == "the work failed: it crashed");
}

TEST_CASE("Endless recursion ends the work", "[runtime][guard]") {
    volatile int depth = 0;
    CHECK(failure_of([&] { (void)recurse(&depth); }) == "the work failed: it ran out of stack");
    CHECK(depth > 1000);
}

TEST_CASE("Work that allocates too much ends", "[runtime][guard]") {
    const auto text = failure_of(
        [] {
            std::vector<std::unique_ptr<char[]>> all;
            while (true) {
                all.push_back(std::make_unique<char[]>(100000));
            }
        },
        {.memory_bytes = 10'000'000});
    CHECK(text == "the work failed: it needs too much memory");
}

TEST_CASE("Memory that was given back does not count", "[runtime][guard]") {
    CHECK(failure_of(
              [] {
                  for (int i = 0; i < 1000; ++i) {
                      const std::vector<char> bytes(100000);
                      REQUIRE(bytes[static_cast<std::size_t>(i)] == 0);
                  }
              },
              {.memory_bytes = 10'000'000}) == "");
}

TEST_CASE("A loop that never allocates ends at its deadline", "[runtime][guard]") {
    const auto text = failure_of(
        [] {
            for (volatile unsigned turns = 0;; turns = turns + 1) {
            }
        },
        {.time_of_run = 30ms});
    CHECK(text == "the work failed: it took too long");
}

TEST_CASE("After a failure a guard fails at once, with the same reason", "[runtime][guard]") {
    prepare();
    caps::KernelGuard guard("the work", {});
    CHECK_FALSE(guard.run([]() -> Result<void> { std::abort(); }));
    bool ran = false;
    const auto again = guard.run([&]() -> Result<void> {
        ran = true;
        return {};
    });
    CHECK_FALSE(ran);
    CHECK(again.error().text == "the work failed: it called abort");
}

TEST_CASE("An error that the work returns outlives its memory", "[runtime][guard]") {
    prepare();
    Result<void> result;
    {
        caps::KernelGuard guard("the work", {});
        result = guard.run([]() -> Result<void> { return fail(Blame::Program, std::string(1000, 'x')); });
    }
    CHECK(result.error().text == std::string(1000, 'x'));
}

TEST_CASE("What runs of one guard have made stays until the guard goes", "[runtime][guard]") {
    prepare();
    caps::KernelGuard guard("the work", {});
    std::vector<int>* numbers = nullptr;
    REQUIRE(guard.run([&]() -> Result<void> {
        numbers = new std::vector<int>(1000, 7);
        return {};
    }));
    CHECK(runtime::Heap::owner_of(numbers) != nullptr);
    CHECK(runtime::Heap::owner_of(std::make_unique<int>(1).get()) == nullptr);
    REQUIRE(guard.run([&]() -> Result<void> {
        numbers->resize(100000, 8);
        return {};
    }));
    CHECK((*numbers)[999] == 7);
    CHECK((*numbers)[99999] == 8);
    CHECK(guard.taken_bytes() > 400000);
}

TEST_CASE("Work that is to end under a lock ends when it gives the lock back", "[runtime][guard]") {
    std::mutex mutex;
    volatile bool gave_back = false;
    const auto text = failure_of(
        [&] {
            {
                const std::scoped_lock lock(mutex);
                spin_until(std::chrono::steady_clock::now() + 60ms);
                gave_back = true;
            }
            while (true) {
            }
        },
        {.time_of_run = 20ms});
    CHECK(text == "the work failed: it took too long");
    CHECK(gave_back);
    REQUIRE(mutex.try_lock());
    mutex.unlock();
}

namespace {

std::atomic<unsigned> made = 0;

// Slow to make, and in memory: half of it, or memory that went with the work, would show.
const std::vector<std::string>& slow_static() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> strings;
        spin_until(std::chrono::steady_clock::now() + 60ms);
        for (int i = 0; i < 1000; ++i) {
            strings.push_back("a string that is too long to be kept in place " + std::to_string(i));
        }
        ++made;
        return strings;
    }();
    return all;
}

}  // namespace

TEST_CASE("Work that is to end while it makes a static ends behind it, and the static is whole", "[runtime][guard]") {
    CHECK(failure_of([] { (void)slow_static(); }, {.time_of_run = 20ms}) == "the work failed: it took too long");
    CHECK(made == 1);
    CHECK(slow_static().size() == 1000);
    CHECK(slow_static()[999].ends_with(" 999"));
    CHECK(runtime::Heap::owner_of(slow_static().data()) == nullptr);
    CHECK(made == 1);
}

TEST_CASE("What a lock of the kernel guards is not the work's memory", "[runtime][guard]") {
    prepare();
    std::mutex mutex;
    std::vector<int> shared;
    const auto text = failure_of([&] {
        std::mutex own;  // on the work's stack: nobody else's
        std::vector<int> mine;
        {
            const std::scoped_lock lock(own);
            mine.push_back(1);
        }
        CHECK(runtime::Heap::owner_of(mine.data()) != nullptr);
        {
            const std::scoped_lock lock(mutex);
            shared.resize(1000);
        }
        std::abort();
    });
    CHECK(text == "the work failed: it called abort");
    CHECK(runtime::Heap::owner_of(shared.data()) == nullptr);
    CHECK(shared.size() == 1000);
}

TEST_CASE("Sorting in the work keeps the order of equals and takes the work's memory", "[runtime][guard]") {
    CHECK(failure_of([] {
              std::array<std::pair<int, int>, 1000> items;
              for (int i = 0; i < 1000; ++i) {
                  items[static_cast<std::size_t>(i)] = {i * 7919 % 100, i};
              }
              std::qsort(items.data(), items.size(), sizeof items[0], [](const void* a, const void* b) {
                  return static_cast<const std::pair<int, int>*>(a)->first -
                         static_cast<const std::pair<int, int>*>(b)->first;
              });
              REQUIRE(std::ranges::is_sorted(items));
          }) == "");
}

namespace {

// Allocates, takes locks, recurses: something to be ended in the middle of.
void busy_work(std::mutex& mutex, std::map<int, std::string>& shared, unsigned seed) {
    std::mt19937 random(seed);
    std::map<unsigned, std::vector<std::string>> mine;
    while (true) {
        auto& strings = mine[random() % 1000];
        strings.push_back(std::string(random() % 300, 'x'));
        if (strings.size() > 20) {
            strings.clear();
        }
        if (random() % 64 == 0) {
            std::vector<char> large(random() % 1000000);
            large.back() = 1;
        }
        if (random() % 16 == 0) {
            const std::scoped_lock lock(mutex);
            shared[static_cast<int>(random() % 100)] = std::string(random() % 100, 'y');
        }
    }
}

struct Paid {
    std::atomic<std::int64_t> bytes = 0;
};

}  // namespace

TEST_CASE("A thousand runs that end at any instruction leave no memory and no lock taken", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(2);
    std::mutex mutex;
    std::map<int, std::string> shared;
    Paid paid;
    std::atomic<unsigned> ended = 0;
    for (unsigned fiber = 0; fiber < 4; ++fiber) {
        REQUIRE(scheduler.spawn([&, fiber] {
            for (unsigned turn = 0; turn < 250; ++turn) {
                caps::KernelGuard guard("the work",
                                        {.time_of_run = std::chrono::microseconds(100 + 37 * (turn % 50)),
                                         .payer = {.charge =
                                                       [](void* account, std::size_t bytes) {
                                                           static_cast<Paid*>(account)->bytes +=
                                                               static_cast<std::int64_t>(bytes);
                                                           return true;
                                                       },
                                                   .credit =
                                                       [](void* account, std::size_t bytes) {
                                                           static_cast<Paid*>(account)->bytes -=
                                                               static_cast<std::int64_t>(bytes);
                                                       },
                                                   .account = &paid}});
                const auto done = guard.run([&]() -> Result<void> {
                    busy_work(mutex, shared, fiber * 1000 + turn);
                    return {};
                });
                ended += !done && done.error().text == "the work failed: it took too long" ? 1U : 0U;
            }
        }));
    }
    scheduler.run();
    CHECK(ended == 1000);
    CHECK(paid.bytes == 0);
    REQUIRE(mutex.try_lock());
    mutex.unlock();
    for (const auto& [key, text] : shared) {
        CHECK(text == std::string(text.size(), 'y'));
    }
}

TEST_CASE("Work without end loses its core to other fibers, and goes on where it was", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(1);
    volatile bool stop = false;
    unsigned turns = 0;
    double sum = 0;
    std::string background;
    REQUIRE(scheduler.spawn([&] {
        caps::KernelGuard guard("the work", {});
        const auto done = guard.run([&]() -> Result<void> {
            // Vector and errno state have to stay as they are.
            while (!stop) {
                errno = 77;
                double part = 0;
                for (int i = 0; i < 1000; ++i) {
                    part += i * 0.5;
                }
                sum = part;
                REQUIRE(errno == 77);
            }
            return {};
        });
        CHECK(done);
    }));
    REQUIRE(scheduler.spawn_background(0, [&] {
        caps::KernelGuard guard("the work", {.time_of_run = 40ms});
        const auto done = guard.run([]() -> Result<void> {
            while (true) {
            }
        });
        background = done.error().text;
    }));
    REQUIRE(scheduler.spawn([&] {
        while (turns < 10 || background.empty()) {
            errno = 5;
            caps::KernelGuard guard("the other work", {});
            CHECK(guard.run([]() -> Result<void> { return {}; }));
            CHECK_FALSE(guard.run([]() -> Result<void> { std::abort(); }));
            ++turns;
            runtime::yield();
        }
        stop = true;
    }));
    scheduler.run();
    CHECK(turns >= 10);
    CHECK(sum == 249750);
    CHECK(background == "the work failed: it took too long");
}

TEST_CASE("Time that others have of the core is not the work's", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(1);
    std::atomic<unsigned> slices = 0;
    REQUIRE(scheduler.spawn([&] {
        caps::KernelGuard guard("the work", {.time_of_run = 1s});
        // Until others have had more than that, in eight ninths of the time.
        CHECK(guard.run([&]() -> Result<void> {
            while (slices < 240) {
            }
            return {};
        }));
    }));
    for (int other = 0; other < 8; ++other) {
        REQUIRE(scheduler.spawn([&] {
            while (slices < 240) {
                spin_until(std::chrono::steady_clock::now() + 5ms);
                ++slices;
                runtime::yield();
            }
        }));
    }
    scheduler.run();
    CHECK(slices >= 240);
}

TEST_CASE("The deadline of its fiber ends the work, and an inner one leaves the outer one", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(1);
    REQUIRE(scheduler.spawn([&] {
        auto& fiber = *runtime::current_fiber();
        const runtime::DeadlineScope outer(fiber, 10s);
        const auto outer_ns = fiber.deadline_ns.load();
        {
            const runtime::DeadlineScope inner(fiber, 20ms);
            caps::KernelGuard guard("the work", {});
            const auto done = guard.run([]() -> Result<void> {
                while (true) {
                }
            });
            CHECK(done.error().text == "the work failed: it took too long");
            runtime::check_stop(fiber);
            CHECK(fiber.stop == runtime::StopReason::Timeout);
            const runtime::DeadlineScope later(fiber, 20s);
            CHECK(fiber.deadline_ns < outer_ns);
        }
        CHECK(fiber.deadline_ns == outer_ns);
        CHECK(fiber.stop == runtime::StopReason::None);
    }));
    scheduler.run();
}

TEST_CASE("A copy that meets a missing page says so and goes on", "[runtime][copy]") {
    prepare();
    const auto account = runtime::Account::create(std::uint64_t{2} << 20U, 0);
    REQUIRE(account);
    auto arena = runtime::Arena::create({1U << 20U, 1U << 20U, 128 * 1024}, nullptr, **account);
    REQUIRE(arena);
    auto& memory = **arena;
    CHECK(memory.owner_of(memory.base()) == nullptr);
    std::vector<char> bytes(200000, 'x');
    CHECK(memory.write(128 * 1024, bytes.data(), bytes.size()));
    CHECK_FALSE(memory.write(128 * 1024 - 8, bytes.data(), bytes.size()));
    CHECK_FALSE(memory.write(1, bytes.data(), 1));
    CHECK_FALSE(memory.write((1U << 20U) - 1, bytes.data(), 2));
    CHECK_FALSE(memory.read(0xFFFFFFFF, bytes.data(), 100));
    CHECK(memory.read(0xFFFFFFF0, bytes.data(), 0) == false);
    CHECK(tessera_fill(memory.base() + 64 * 1024, 0, 100000) == 1);
}
