// What a program may take of the machine's memory: each take of the kernel for it is charged here first, and may be
// refused.
//
// All accounts together stay below what was free when the kernel began, less a reserve of the kernel's own: however
// greedy programs are, the kernel can say what happened. What an account is guaranteed counts as taken from its
// beginning, so a program that stays within that is never refused because of others.
#pragma once

#include "core/base/result.h"
#include "runtime/failing_take.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace tessera::runtime {

// Why a charge was refused.
enum class Shortage : std::uint8_t { None, Limit, Machine };

class Account {
  public:
    // Fails if the machine can't guarantee so much any more.
    static Result<std::unique_ptr<Account>> create(std::uint64_t limit_bytes, std::uint64_t guaranteed_bytes);
    ~Account();  // everything has been given back
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    // From any context, trap handlers too. False: nothing is charged, and shortage() says why.
    [[nodiscard]] bool charge(std::uint64_t bytes);
    void credit(std::uint64_t bytes);

    [[nodiscard]] std::uint64_t limit() const { return limit_; }
    [[nodiscard]] std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t peak() const { return peak_.load(std::memory_order_relaxed); }
    [[nodiscard]] Shortage shortage() const { return shortage_.load(std::memory_order_relaxed); }
    // For a test (failing_take.h): whether its takes are among those that fail, and whether this one does.
    void let_fail(bool fails) { fails_ = fails; }
    [[nodiscard]] bool lets_fail() const { return fails_; }
    [[nodiscard]] bool take_fails() const { return fails_ && runtime::take_fails(); }
    void note_shortage(Shortage shortage) { shortage_.store(shortage, std::memory_order_relaxed); }

  private:
    Account(std::uint64_t limit, std::uint64_t guaranteed) : limit_(limit), guaranteed_(guaranteed) {}
    [[nodiscard]] std::uint64_t of_machine(std::uint64_t used) const { return used > guaranteed_ ? used : guaranteed_; }

    std::uint64_t limit_;
    std::uint64_t guaranteed_;
    std::atomic<std::uint64_t> used_ = 0;
    std::atomic<std::uint64_t> peak_ = 0;
    std::atomic<Shortage> shortage_ = Shortage::None;
    bool fails_ = false;
};

// Before the first account; without it there is no limit to all of them.
void set_accounts_limit(std::uint64_t bytes);
// Of all accounts: what they have taken or are guaranteed.
[[nodiscard]] std::uint64_t accounts_used();

}  // namespace tessera::runtime
