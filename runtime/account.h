// What a program may take of the machine: each take of the kernel for it is charged here first, and may be refused.
//
// Accounts form a tree: what one takes all those take that it is in, and the narrowest limit holds.
//
// All accounts together stay below what was free when the kernel began, less a reserve of the kernel's own: however
// greedy programs are, the kernel can say what happened. What an account is guaranteed counts as taken from its
// beginning, so a program that stays within that is never refused because of others.
#pragma once

#include "core/base/result.h"
#include "runtime/failing_take.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace tessera::runtime {

// Why a charge was refused.
enum class Shortage : std::uint8_t { None, Limit, Machine };

// The numbers of the schema's Resource.
enum class Resource : std::uint8_t { MemoryBytes, Slots, Objects, Buffers, Fibers, Microseconds };
inline constexpr std::size_t kResources = 6;
inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

class Account {
  public:
    // Fails if the machine can't guarantee so much any more.
    static Result<std::unique_ptr<Account>> create(std::uint64_t limit_bytes, std::uint64_t guaranteed_bytes);
    // Within another one, which outlives it. Nothing is guaranteed to it alone. Null: no memory is left.
    static std::unique_ptr<Account> create_within(Account& parent, std::uint64_t limit_bytes = kNoLimit);
    ~Account();  // everything has been given back
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    // From any context, trap handlers too. False: nothing is charged, and shortage() says why.
    [[nodiscard]] bool charge(std::uint64_t bytes);
    void credit(std::uint64_t bytes);

    // The same of anything but memory, which is charge()'s.
    [[nodiscard]] bool take(Resource resource, std::uint64_t count);
    void give_back(Resource resource, std::uint64_t count);
    void spend(std::uint64_t microseconds);  // time that has passed
    [[nodiscard]] bool has_time() const;

    // At any time. Below what is used: nothing more is given until enough has come back.
    void set_limit(Resource resource, std::uint64_t limit) { meter(resource).limit = limit; }
    [[nodiscard]] std::uint64_t limit(Resource resource = Resource::MemoryBytes) const {
        return meter(resource).limit.load(std::memory_order_relaxed);
    }
    // Of memory, with all accounts that it is in.
    [[nodiscard]] std::uint64_t narrowest_limit() const;
    [[nodiscard]] std::uint64_t used(Resource resource = Resource::MemoryBytes) const {
        return meter(resource).used.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t peak(Resource resource = Resource::MemoryBytes) const {
        return meter(resource).peak.load(std::memory_order_relaxed);
    }
    [[nodiscard]] Shortage shortage() const { return shortage_.load(std::memory_order_relaxed); }
    // For a test (failing_take.h): whether its takes are among those that fail, and whether this one does.
    void let_fail(bool fails) { fails_ = fails; }
    [[nodiscard]] bool lets_fail() const { return fails_; }
    [[nodiscard]] bool take_fails() const { return fails_ && runtime::take_fails(); }
    void note_shortage(Shortage shortage) { shortage_.store(shortage, std::memory_order_relaxed); }

  private:
    struct Meter {
        std::atomic<std::uint64_t> limit = kNoLimit;
        std::atomic<std::uint64_t> used = 0;
        std::atomic<std::uint64_t> peak = 0;

        [[nodiscard]] bool add(std::uint64_t count);
        void subtract(std::uint64_t count);
        void note_peak(std::uint64_t now);
        [[nodiscard]] bool has_room(std::uint64_t now, std::uint64_t count) const {
            const auto most = limit.load(std::memory_order_relaxed);
            return count <= most && now <= most - count;
        }
    };

    Account(Account* parent, std::uint64_t limit, std::uint64_t guaranteed) : parent_(parent), guaranteed_(guaranteed) {
        set_limit(Resource::MemoryBytes, limit);
    }
    [[nodiscard]] std::uint64_t of_machine(std::uint64_t used) const { return used > guaranteed_ ? used : guaranteed_; }
    [[nodiscard]] Meter& meter(Resource resource) { return meters_[static_cast<std::size_t>(resource)]; }
    [[nodiscard]] const Meter& meter(Resource resource) const { return meters_[static_cast<std::size_t>(resource)]; }
    // Shortage::None: it is charged here and above.
    [[nodiscard]] Shortage charge_upwards(std::uint64_t bytes);
    [[nodiscard]] Shortage charge_root(std::uint64_t bytes);

    Account* parent_;
    std::uint64_t guaranteed_;
    std::array<Meter, kResources> meters_;
    std::atomic<Shortage> shortage_ = Shortage::None;
    bool fails_ = false;
};

// Before the first account; without it there is no limit to all of them.
void set_accounts_limit(std::uint64_t bytes);
// Of all accounts: what they have taken or are guaranteed.
[[nodiscard]] std::uint64_t accounts_used();

}  // namespace tessera::runtime
