// A program's account, as the loader sees it.
#pragma once

#include "runtime/account.h"
#include "runtime/heap.h"
#include "safeir/load/code_region.h"

namespace tessera::caps {

class AccountLedger final : public safeir::Ledger {
  public:
    explicit AccountLedger(runtime::Account& account) : account_(account) {}
    [[nodiscard]] bool charge(std::uint64_t bytes) override { return account_.charge(bytes); }
    void credit(std::uint64_t bytes) override { account_.credit(bytes); }

  private:
    runtime::Account& account_;
};

// And as the heaps do that loading works in.
[[nodiscard]] inline runtime::HeapPayer payer_of(runtime::Account& account) {
    return {
        .charge = [](void* payer, std::size_t bytes) { return static_cast<runtime::Account*>(payer)->charge(bytes); },
        .credit = [](void* payer, std::size_t bytes) { static_cast<runtime::Account*>(payer)->credit(bytes); },
        .account = &account};
}

}  // namespace tessera::caps
