#include "test/nucleus/check.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

namespace {

using namespace std::chrono_literals;
namespace platform = tessera::platform;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kInLoop = 0x1234'5678;
std::atomic<unsigned> fired;

void expect_between(Clock::duration took, Clock::duration low, Clock::duration high, const char* what) {
    if (took < low || took > high) {
        std::printf("%s took %lld us\n", what, static_cast<long long>(took / 1us));
    }
    CHECK(took >= low && took <= high);
}

}  // namespace

void test_time() {
    const std::time_t now = std::time(nullptr);
    std::printf("time of day: %s", std::asctime(std::gmtime(&now)));
    CHECK(now > 1'700'000'000);
    Clock::time_point last = Clock::now();
    for (unsigned i = 0; i < 10'000; ++i) {
        const Clock::time_point next = Clock::now();
        CHECK(next >= last);
        last = next;
    }
    Clock::time_point start = Clock::now();
    std::this_thread::sleep_for(30ms);
    expect_between(Clock::now() - start, 30ms, 200ms, "sleep");

    // The timer interrupts a loop and takes it elsewhere.
    platform::set_timer_handler([](platform::Registers& registers) noexcept {
        if (registers.general[platform::kRcx] != kInLoop) {
            platform::arm_timer(1ms);  // early: the loop was not reached yet
            return;
        }
        fired += 1;
        registers.rip = registers.general[platform::kRdx];
        registers.general[platform::kRax] = 99;
    });
    for (unsigned i = 0; i < 20; ++i) {
        start = Clock::now();
        platform::arm_timer(2ms);
        std::uint64_t result = 0;
        asm volatile("leaq 2f(%%rip), %%rdx\n movq %1, %%rcx\n 1: jmp 1b\n 2:"
                     : "=a"(result)
                     : "i"(kInLoop)
                     : "rcx", "rdx", "memory");
        CHECK(result == 99);
        expect_between(Clock::now() - start, 2ms, 200ms, "timer");
    }
    CHECK(fired == 20);

    // Disarmed, it stays silent; re-armed, the last time counts.
    platform::set_timer_handler([](platform::Registers&) noexcept { fired += 1; });
    platform::arm_timer(5ms);
    platform::disarm_timer();
    std::this_thread::sleep_for(10ms);
    CHECK(fired == 20);

    // It comes also while the thread sleeps, and the sleep still lasts.
    start = Clock::now();
    platform::arm_timer(5ms);
    std::this_thread::sleep_for(20ms);
    expect_between(Clock::now() - start, 20ms, 200ms, "interrupted sleep");
    CHECK(fired == 21);

    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    start = Clock::now();
    CHECK(condition.wait_for(lock, 15ms) == std::cv_status::timeout);
    expect_between(Clock::now() - start, 15ms, 200ms, "timed wait");
    platform::set_timer_handler(nullptr);
}
