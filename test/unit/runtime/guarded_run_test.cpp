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

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace tessera;

namespace {

void prepare() {
    static const bool once = [] {
        platform::hosted::remember_processors();
        platform::prepare_thread(0);
        runtime::prepare_guarded_runs();
        return true;
    }();
    (void)once;
    // Every time: the test harness puts its own handlers back after each test.
    platform::hosted::install_signal_handlers();
    runtime::install_handlers(0, 0);
    caps::install_guard_handlers();
}

std::string failure_of(llvm::function_ref<void()> work, runtime::RunLimits limits = {}) {
    prepare();
    caps::KernelGuard guard("the work", limits);
    const auto result = guard.run([&]() -> Result<void> {
        work();
        return {};
    });
    return result ? "" : result.error().text;
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

TEST_CASE("Work that takes too long ends when it next allocates", "[runtime][guard]") {
    prepare();
    platform::arm_timer(std::chrono::milliseconds(5));
    const auto text = failure_of(
        [] {
            while (true) {
                ::operator delete(::operator new(8));  // called so, the compiler can't leave it out
            }
        },
        {.time = std::chrono::milliseconds(30)});
    platform::disarm_timer();
    CHECK(text == "the work failed: it took too long");
}

TEST_CASE("Guarded work in the background pauses for that of others, and fails alone", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(1);
    std::string background;
    std::string lost;
    bool paused = false;
    unsigned others = 0;
    REQUIRE(scheduler.spawn_background(0, [&] {
        caps::KernelGuard guard("the work", {});
        const auto done = guard.run([&]() -> Result<void> {
            while (others == 0) {
                runtime::pause_background();  // a tick at a time
            }
            paused = true;
            return {};
        });
        background = done ? "done" : done.error().text;
        const auto crashed = guard.run([&]() -> Result<void> {
            volatile int depth = 0;
            (void)recurse(&depth);
            return {};
        });
        lost = crashed.error().text;
    }));
    REQUIRE(scheduler.spawn([&] {
        runtime::sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
        caps::KernelGuard guard("the other work", {});
        CHECK(guard.run([]() -> Result<void> { return {}; }));
        CHECK_FALSE(guard.run([]() -> Result<void> { std::abort(); }));
        ++others;
    }));
    scheduler.run();
    CHECK(paused);
    CHECK(background == "done");
    CHECK(lost == "the work failed: it ran out of stack");
}

TEST_CASE("A background pause is no time of the work, and a limit still ends it", "[runtime][guard]") {
    prepare();
    runtime::Scheduler scheduler(1);
    std::string text;
    REQUIRE(scheduler.spawn_background(0, [&] {
        caps::KernelGuard guard("the work", {.time = std::chrono::milliseconds(50)});
        const auto done = guard.run([]() -> Result<void> {
            while (true) {
                runtime::pause_background();
            }
        });
        text = done.error().text;
    }));
    scheduler.run();
    CHECK(text == "the work failed: it took too long");
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
