#include "runtime/account.h"

#include "core/base/assert.h"

#include <limits>
#include <string>

namespace tessera::runtime {
namespace {

constinit std::atomic<std::uint64_t> machine_limit = std::numeric_limits<std::uint64_t>::max();
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

Result<std::unique_ptr<Account>> Account::create(std::uint64_t limit_bytes, std::uint64_t guaranteed_bytes) {
    if (!take_from_machine(guaranteed_bytes)) {
        return fail(Blame::Machine,
                    "the machine has less than the " + std::to_string(guaranteed_bytes / 1024) +
                        " KiB left that a program is guaranteed");
    }
    return std::unique_ptr<Account>(new Account(limit_bytes, guaranteed_bytes));
}

Account::~Account() {
    ASSERT(used() == 0);
    give_to_machine(guaranteed_);
}

bool Account::charge(std::uint64_t bytes) {
    if (take_fails()) {
        note_shortage(Shortage::Machine);
        return false;
    }
    auto used = used_.load(std::memory_order_relaxed);
    while (true) {
        if (bytes > limit_ || used > limit_ - bytes) {
            note_shortage(Shortage::Limit);
            return false;
        }
        const auto more = of_machine(used + bytes) - of_machine(used);
        if (!take_from_machine(more)) {
            note_shortage(Shortage::Machine);
            return false;
        }
        if (used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed)) {
            break;
        }
        give_to_machine(more);
    }
    auto peak = peak_.load(std::memory_order_relaxed);
    while (peak < used + bytes && !peak_.compare_exchange_weak(peak, used + bytes, std::memory_order_relaxed)) {
    }
    return true;
}

void Account::credit(std::uint64_t bytes) {
    const auto used = used_.fetch_sub(bytes, std::memory_order_relaxed);
    ASSERT(used >= bytes);
    give_to_machine(of_machine(used) - of_machine(used - bytes));
}

void set_accounts_limit(std::uint64_t bytes) { machine_limit.store(bytes, std::memory_order_relaxed); }
std::uint64_t accounts_used() { return machine_used.load(std::memory_order_relaxed); }

}  // namespace tessera::runtime
