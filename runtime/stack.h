// A stack with a guard below it. Its pages are committed step by step, as it grows into them, and charged to an
// account: what is committed can be touched, the rest traps (trap.cpp), and growing may be refused.
#pragma once

#include "core/base/result.h"
#include "runtime/account.h"

#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

// Larger than the largest step that code takes without touching the stack: program code probes every page, the kernel's
// own code has small frames.
inline constexpr std::size_t kStackGuardBytes = std::size_t{256} * 1024;
// What every stack has from its beginning.
inline constexpr std::size_t kStackFirstBytes = std::size_t{256} * 1024;

class Stack {
  public:
    // Without an account it is the kernel's own.
    static Result<Stack> create(std::size_t bytes, Account* account = nullptr);
    Stack() = default;
    Stack(Stack&& other) noexcept;
    Stack& operator=(Stack&& other) noexcept;
    ~Stack();

    [[nodiscard]] std::uintptr_t top() const { return top_; }
    [[nodiscard]] std::uintptr_t bottom() const { return bottom_; }
    [[nodiscard]] std::uintptr_t committed() const { return committed_; }  // from here up
    [[nodiscard]] bool guard_holds(std::uintptr_t address) const {
        return address < bottom_ && address >= bottom_ - kStackGuardBytes;
    }
    [[nodiscard]] bool can_grow_to(std::uintptr_t address) const { return address >= bottom_ && address < committed_; }

    // Commits what is missing from `address` up; from trap handlers, too. False: its account, or the machine, has none
    // left. Only where can_grow_to(address).
    [[nodiscard]] bool grow_to(std::uintptr_t address);
    // Back to the first piece. Nothing below may be in use.
    void shrink();
    // Who pays for what it grows by from now on. It has its first piece only, before and after.
    void lend(Account* account) { account_ = account; }

  private:
    std::uintptr_t bottom_ = 0;
    std::uintptr_t top_ = 0;
    std::uintptr_t committed_ = 0;
    Account* account_ = nullptr;
};

}  // namespace tessera::runtime
