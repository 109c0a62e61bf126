// Accounts, and what is taken by way of them: stacks that grow as they are used, and the memory of programs.
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/account.h"
#include "runtime/arena.h"
#include "runtime/stack.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <catch2/catch.hpp>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

using namespace tessera;
using runtime::Account;
using runtime::Shortage;

namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

std::unique_ptr<Account> account_of(std::uint64_t limit, std::uint64_t guaranteed = 0) {
    auto account = Account::create(limit, guaranteed);
    REQUIRE(account);
    return std::move(*account);
}

// All accounts together may take so much more, for as long as this lives.
struct MachineLimit {
    explicit MachineLimit(std::uint64_t bytes) { runtime::set_accounts_limit(runtime::accounts_used() + bytes); }
    ~MachineLimit() { runtime::set_accounts_limit(std::numeric_limits<std::uint64_t>::max()); }
};

void prepare() {
    platform::hosted::remember_processors();
    platform::prepare_thread(0);
    platform::hosted::install_signal_handlers();
    runtime::install_handlers(0, 0);
}

[[gnu::noinline]] unsigned use_stack(unsigned kib) {
    volatile char frame[1024] = {};
    frame[kib % 1024] = 1;
    return kib == 0 ? 0 : use_stack(kib - 1) + static_cast<unsigned>(frame[kib % 1024]);
}

}  // namespace

TEST_CASE("an account refuses what is over its limit, and keeps its books", "[runtime][account]") {
    const auto account = account_of(100);
    CHECK(account->charge(60));
    CHECK(account->shortage() == Shortage::None);
    CHECK_FALSE(account->charge(41));
    CHECK(account->shortage() == Shortage::Limit);
    CHECK_FALSE(account->charge(std::numeric_limits<std::uint64_t>::max()));
    CHECK(account->used() == 60);
    CHECK(account->charge(40));
    account->credit(90);
    CHECK(account->used() == 10);
    CHECK(account->peak() == 100);
    account->credit(10);
}

TEST_CASE("all accounts together stay below the machine's limit", "[runtime][account]") {
    const auto before = runtime::accounts_used();
    {
        const MachineLimit limit(100);
        const auto a = account_of(1000);
        const auto b = account_of(1000);
        CHECK(a->charge(70));
        CHECK_FALSE(b->charge(31));
        CHECK(b->shortage() == Shortage::Machine);
        CHECK(b->charge(30));
        a->credit(70);
        CHECK(b->charge(70));
        b->credit(100);
    }
    CHECK(runtime::accounts_used() == before);
}

TEST_CASE("what an account is guaranteed nobody else can take", "[runtime][account]") {
    const MachineLimit limit(100);
    const auto honest = account_of(50, 20);
    CHECK_FALSE(Account::create(1000, 81));
    const auto greedy = account_of(1000, 10);
    CHECK(greedy->charge(80));
    CHECK_FALSE(greedy->charge(1));
    CHECK(honest->charge(20));
    CHECK_FALSE(honest->charge(1));
    greedy->credit(1);
    CHECK(honest->charge(1));
    honest->credit(21);
    greedy->credit(79);
}

TEST_CASE("accounts are charged from several threads at once", "[runtime][account]") {
    const auto before = runtime::accounts_used();
    {
        const MachineLimit limit(1000);
        const auto account = account_of(900, 300);
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (unsigned turn = 0; turn < 20000; ++turn) {
                    if (account->charge(turn % 400)) {
                        account->credit(turn % 400);
                    }
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        CHECK(account->used() == 0);
        CHECK(runtime::accounts_used() == before + 300);
    }
    CHECK(runtime::accounts_used() == before);
}

TEST_CASE("a program's memory is charged as it grows, and refused over the limit", "[runtime][account]") {
    const auto account = account_of(3 * kMiB);
    {
        auto arena = runtime::Arena::create({kMiB, 8 * kMiB, 128 * kKiB}, nullptr, *account);
        REQUIRE(arena);
        const auto first = account->used();
        CHECK(first >= kMiB - 128 * kKiB);
        CHECK((*arena)->grow(16) == 16);
        CHECK(account->used() == first + kMiB);
        CHECK((*arena)->grow(32) == runtime::Arena::kGrowFailed);
        CHECK(account->shortage() == Shortage::Limit);
        CHECK(account->used() == first + kMiB);
        CHECK((*arena)->grow(1000) == runtime::Arena::kGrowFailed);
        (*arena)->discard();
        CHECK(account->used() == 4 * kKiB);
        CHECK((*arena)->bytes() == 2 * kMiB);
    }
    CHECK(account->used() == 0);
    CHECK_FALSE(runtime::Arena::create({4 * kMiB, 8 * kMiB, 128 * kKiB}, nullptr, *account));
    CHECK(account->used() == 0);
}

TEST_CASE("a stack takes memory as it is used, and gives it back", "[runtime][account]") {
    prepare();
    const auto account = account_of(4 * kMiB);
    runtime::Scheduler scheduler(1);
    std::uint64_t at_first = 0;
    std::uint64_t deep = 0;
    REQUIRE(scheduler.spawn(
        [&] {
            at_first = account->used();
            CHECK(use_stack(2048) == 2048);
            deep = account->used();
        },
        account.get()));
    scheduler.run();
    CHECK(at_first >= runtime::kStackFirstBytes);
    CHECK(at_first < 2 * runtime::kStackFirstBytes);
    CHECK(deep >= 2 * kMiB);
    CHECK(deep < 4 * kMiB);
    CHECK(account->used() == 0);
}

TEST_CASE("a fiber for which there is no memory is refused", "[runtime][account]") {
    const auto account = account_of(runtime::kStackFirstBytes + 100);
    runtime::Scheduler scheduler(1);
    CHECK_FALSE(scheduler.spawn([] {}, account.get()));
    CHECK(account->used() == 0);
}
