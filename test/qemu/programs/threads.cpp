// C++'s threads: what the library has over them, exceptions on several at once, and the ends of thread_local objects.
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<int> ended = 0;

struct Counter {
    int value = 0;
    ~Counter() { ended += value; }
};
thread_local Counter counter;

// Each throws and catches its own, all at the same time.
int throw_often(int id) {
    int caught = 0;
    for (int i = 0; i < 20000; ++i) {
        try {
            throw std::runtime_error(std::to_string(id * 100000 + i));
        } catch (const std::exception& error) {
            caught += error.what() == std::to_string(id * 100000 + i) ? 1 : 0;
        }
    }
    return caught;
}

void queue() {
    std::mutex mutex;
    std::condition_variable changed;
    std::queue<int> items;
    long sum = 0;
    std::thread consumer([&] {
        for (int left = 10000; left != 0; --left) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return !items.empty(); });
            sum += items.front();
            items.pop();
        }
    });
    for (int i = 0; i < 10000; ++i) {
        {
            const std::lock_guard lock(mutex);
            items.push(i);
        }
        changed.notify_one();
    }
    consumer.join();
    std::printf("queue %ld\n", sum);
}

}  // namespace

int main() {
    std::vector<std::thread> threads;
    std::atomic<int> caught = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&caught, i] {
            counter.value = i + 1;
            caught += throw_often(i);
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::printf("caught %d, ended %d\n", caught.load(), ended.load());
    queue();

    auto value = std::async(std::launch::async, [] { return 41; });
    auto failing = std::async(std::launch::async, []() -> int { throw std::logic_error("from elsewhere"); });
    std::printf("async %d\n", value.get() + 1);
    try {
        failing.get();
    } catch (const std::logic_error& error) {
        std::printf("async threw: %s\n", error.what());
    }

    const auto shared = std::make_shared<int>(7);
    std::vector<std::thread> copies;
    for (int i = 0; i < 4; ++i) {
        copies.emplace_back([shared] {
            for (int k = 0; k < 50000; ++k) {
                const auto copy = shared;
            }
        });
    }
    for (auto& thread : copies) {
        thread.join();
    }
    copies.clear();
    std::printf("owners %ld\n", shared.use_count());

    std::once_flag once;
    std::shared_mutex readers;
    std::atomic<int> calls = 0;
    std::atomic<int> reads = 0;
    std::vector<std::thread> group;
    for (int i = 0; i < 4; ++i) {
        group.emplace_back([&] {
            std::call_once(once, [&] { ++calls; });
            const std::shared_lock lock(readers);
            ++reads;
        });
    }
    for (auto& thread : group) {
        thread.join();
    }
    std::printf("once %d, reads %d\n", calls.load(), reads.load());
}
