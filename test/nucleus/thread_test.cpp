#include "test/nucleus/check.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <sys/mman.h>
#include <thread>
#include <vector>

namespace {

namespace platform = tessera::platform;

thread_local unsigned mine = 5;

void test_sum(unsigned count) {
    std::atomic<unsigned> total = 0;
    std::mutex mutex;
    std::condition_variable condition;
    unsigned guarded = 0;
    unsigned arrived = 0;
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < count; ++i) {
        threads.emplace_back([&, i] {
            platform::prepare_thread(i);
            CHECK(mine == 5);
            mine = i;
            for (unsigned k = 0; k < 10'000; ++k) {
                total += 1;
                const std::lock_guard guard(mutex);
                guarded += 1;
            }
            CHECK(mine == i);
            const std::lock_guard guard(mutex);
            arrived += 1;
            condition.notify_all();
        });
    }
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return arrived == count - 1; });
    lock.unlock();
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(total == (count - 1) * 10'000 && guarded == total);
}

// No core is left for a further thread, and afterwards all are free again.
void test_limit(unsigned count) {
    std::atomic<bool> stop = false;
    std::vector<pthread_t> threads(count - 1);
    const auto wait = [](void* argument) -> void* {
        static_cast<std::atomic<bool>*>(argument)->wait(false);
        return nullptr;
    };
    for (pthread_t& thread : threads) {
        CHECK(pthread_create(&thread, nullptr, wait, &stop) == 0);
    }
    pthread_t further;
    CHECK(pthread_create(&further, nullptr, wait, &stop) == EAGAIN);
    stop = true;
    stop.notify_all();
    for (pthread_t thread : threads) {
        CHECK(pthread_join(thread, nullptr) == 0);
    }
}

// Unmapping and protecting while other cores use memory and fault: every core sees the change.
void test_flush(unsigned count) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < count; ++i) {
        threads.emplace_back([&] {
            unsigned rounds = 0;
            while (!stop || rounds < 20) {
                constexpr std::size_t kBytes = 40 * 4096;
                auto* memory = static_cast<char*>(
                    mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
                for (std::size_t at = 0; at < kBytes; at += 4096) {
                    CHECK(memory[at] == 0);
                    memory[at] = 1;
                }
                CHECK(mprotect(memory, kBytes, PROT_READ) == 0 && memory[4096] == 1);
                CHECK(munmap(memory, kBytes) == 0);
                rounds += 1;
            }
        });
    }
    for (unsigned i = 0; i < 100; ++i) {
        auto block = std::make_unique<char[]>(300'000);
        std::memset(block.get(), 1, 300'000);
    }
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace

void test_threads() {
    const unsigned count = platform::cpu_count();
    CHECK(std::thread::hardware_concurrency() == count);
    test_limit(count);
    for (unsigned round = 0; round < 5; ++round) {
        test_sum(count);
    }
    test_flush(count);
    // Parallel phases, to the limit.
    std::barrier barrier(static_cast<std::ptrdiff_t>(count));
    std::atomic<unsigned> phases = 0;
    std::vector<std::thread> threads;
    const auto run = [&] {
        for (unsigned phase = 0; phase < 200; ++phase) {
            phases += 1;
            barrier.arrive_and_wait();
        }
    };
    for (unsigned i = 1; i < count; ++i) {
        threads.emplace_back(run);
    }
    run();
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(phases == 200 * count);
}
