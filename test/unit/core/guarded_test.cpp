#include "core/base/guarded.h"
#include "test/unit/core/death.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>
#include <type_traits>
#include <vector>

using namespace tessera;
using tessera::test::death_of;

namespace {

using Outer = Guarded<int, LockRank::FileTree>;
using Inner = Guarded<int, LockRank::CodeSpace>;

}  // namespace

TEST_CASE("guarded data is changed by one thread at a time", "[core][base]") {
    Guarded<std::vector<int>, LockRank::FileTree> shared;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    shared.lock()->push_back(i);
                }
            });
        }
    }
    CHECK(shared.lock()->size() == 4000);
    CHECK(held_locks() == 0);
}

TEST_CASE("a constant guard gives constant data", "[core][base]") {
    const Outer seven(7);
    static_assert(std::is_same_v<decltype(*seven.lock()), const int&>);
    CHECK(*seven.lock() == 7);
}

TEST_CASE("waiting lets another thread have the data", "[core][base]") {
    Outer count(0);
    std::condition_variable changed;
    std::jthread other([&] {
        *count.lock() = 1;
        changed.notify_one();
    });
    auto mine = count.lock();
    mine.wait(changed, [&] { return *mine == 1; });
    CHECK(*mine == 1);
}

TEST_CASE("locks are taken in the order of their ranks", "[core][base]") {
    Outer outer(0);
    Inner inner(0);
    {
        const auto first = outer.lock();
        const auto second = inner.lock();
        CHECK(held_locks() != 0);
    }
    CHECK(held_locks() == 0);
    const auto death = death_of([&] {
        const auto second = inner.lock();
        const auto first = outer.lock();
    });
    CHECK(death.signal == SIGABRT);
    CHECK(death.last_words.find("core/base/held_locks.cpp") != std::string::npos);
}

TEST_CASE("a lock that is held already is a fault and no wait for ever", "[core][base]") {
    Outer outer(0);
    const auto death = death_of([&] {
        const auto once = outer.lock();
        const auto twice = outer.lock();
    });
    CHECK(death.signal == SIGABRT);
}
