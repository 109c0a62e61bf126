// A program's account, as the loader sees it.
#pragma once

#include "runtime/account.h"
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

}  // namespace tessera::caps
