#include "runtime/account.h"

#include "core/base/assert.h"

#include <algorithm>
#include <new>
#include <string>

namespace tessera::runtime {
namespace {

constinit std::atomic<std::uint64_t> machine_limit = kNoLimit;
constinit std::atomic<std::uint64_t> machine_used = 0;

bool take_from_machine(std::uint64_t bytes) {
    const auto limit = machine_limit.load(std::memory_order_relaxed);
    auto used = machine_used.load(std::memory_order_relaxed);
    do {
        if (bytes > limit || used > limit - bytes) {
            return false;
        }
    } while (!machine_used.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
}

void give_to_machine(std::uint64_t bytes) {
    const auto before = machine_used.fetch_sub(bytes, std::memory_order_relaxed);
    ASSERT(before >= bytes);
}

}  // namespace

bool Account::Meter::add(std::uint64_t count) {
    auto now = used.load(std::memory_order_relaxed);
    do {
        if (!has_room(now, count)) {
            return false;
        }
    } while (!used.compare_exchange_weak(now, now + count, std::memory_order_relaxed));
    note_peak(now + count);
    return true;
}

void Account::Meter::subtract(std::uint64_t count) {
    const auto before = used.fetch_sub(count, std::memory_order_relaxed);
    ASSERT(before >= count);
}

void Account::Meter::note_peak(std::uint64_t now) {
    auto most = peak.load(std::memory_order_relaxed);
    while (most < now && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
}

Result<std::unique_ptr<Account>> Account::create(std::uint64_t limit_bytes, std::uint64_t guaranteed_bytes) {
    if (!take_from_machine(guaranteed_bytes)) {
        return fail(Blame::Machine,
                    "the machine has less than the " + std::to_string(guaranteed_bytes / 1024) +
                        " KiB left that a program is guaranteed");
    }
    return std::unique_ptr<Account>(new Account(nullptr, limit_bytes, guaranteed_bytes));
}

std::unique_ptr<Account> Account::create_within(Account& parent, std::uint64_t limit_bytes) {
    std::unique_ptr<Account> account(new (std::nothrow) Account(&parent, limit_bytes, 0));
    if (account != nullptr) {
        account->fails_ = parent.fails_;
    }
    return account;
}

Account::~Account() {
    ASSERT(used() == 0);
    if (parent_ == nullptr) {
        give_to_machine(guaranteed_);
    }
}

bool Account::charge(std::uint64_t bytes) {
    const auto shortage = take_fails() ? Shortage::Machine : charge_upwards(bytes);
    if (shortage != Shortage::None) {
        note_shortage(shortage);
    }
    return shortage == Shortage::None;
}

Shortage Account::charge_upwards(std::uint64_t bytes) {
    if (parent_ == nullptr) {
        return charge_root(bytes);
    }
    auto& memory = meter(Resource::MemoryBytes);
    if (!memory.add(bytes)) {
        return Shortage::Limit;
    }
    const auto shortage = parent_->charge_upwards(bytes);
    if (shortage != Shortage::None) {
        memory.subtract(bytes);
    }
    return shortage;
}

Shortage Account::charge_root(std::uint64_t bytes) {
    auto& memory = meter(Resource::MemoryBytes);
    auto used = memory.used.load(std::memory_order_relaxed);
    while (true) {
        if (!memory.has_room(used, bytes)) {
            return Shortage::Limit;
        }
        const auto more = of_machine(used + bytes) - of_machine(used);
        if (!take_from_machine(more)) {
            return Shortage::Machine;
        }
        if (memory.used.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed)) {
            break;
        }
        give_to_machine(more);
    }
    memory.note_peak(used + bytes);
    return Shortage::None;
}

void Account::credit(std::uint64_t bytes) {
    auto* account = this;
    for (; account->parent_ != nullptr; account = account->parent_) {
        account->meter(Resource::MemoryBytes).subtract(bytes);
    }
    auto& memory = account->meter(Resource::MemoryBytes);
    const auto used = memory.used.fetch_sub(bytes, std::memory_order_relaxed);
    ASSERT(used >= bytes);
    give_to_machine(account->of_machine(used) - account->of_machine(used - bytes));
}

std::uint64_t Account::narrowest_limit() const {
    return parent_ == nullptr ? limit() : std::min(limit(), parent_->narrowest_limit());
}

bool Account::take(Resource resource, std::uint64_t count) {
    for (auto* account = this; account != nullptr; account = account->parent_) {
        if (!account->meter(resource).add(count)) {
            for (auto* taken = this; taken != account; taken = taken->parent_) {
                taken->meter(resource).subtract(count);
            }
            return false;
        }
    }
    return true;
}

void Account::give_back(Resource resource, std::uint64_t count) {
    for (auto* account = this; account != nullptr; account = account->parent_) {
        account->meter(resource).subtract(count);
    }
}

void Account::spend(std::uint64_t microseconds) {
    for (auto* account = this; account != nullptr; account = account->parent_) {
        auto& time = account->meter(Resource::Microseconds);
        time.note_peak(time.used.fetch_add(microseconds, std::memory_order_relaxed) + microseconds);
    }
}

bool Account::has_time() const {
    const auto* account = this;
    while (account != nullptr &&
           account->meter(Resource::Microseconds).has_room(account->used(Resource::Microseconds), 1)) {
        account = account->parent_;
    }
    return account == nullptr;
}

void set_accounts_limit(std::uint64_t bytes) { machine_limit.store(bytes, std::memory_order_relaxed); }
std::uint64_t accounts_used() { return machine_used.load(std::memory_order_relaxed); }

}  // namespace tessera::runtime
