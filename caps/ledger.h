// A program's account, as the loader sees it.
#pragma once

#include "runtime/account.h"
#include "runtime/heap.h"
#include "runtime/program_heap.h"
#include "safeir/load/code_region.h"

namespace tessera::caps {

class AccountLedger final : public safeir::Ledger {
  public:
    AccountLedger(runtime::Account& account, const runtime::Heap& heap) : account_(account), heap_(heap) {}
    [[nodiscard]] bool charge(std::uint64_t bytes) override { return account_.charge(bytes); }
    void credit(std::uint64_t bytes) override { account_.credit(bytes); }
    [[nodiscard]] void* try_allocate(std::size_t bytes) override { return runtime::try_allocate(bytes); }
    [[nodiscard]] bool is_exhausted() const override { return heap_.overdrawn(); }

  private:
    runtime::Account& account_;
    const runtime::Heap& heap_;
};

// And as the heaps do that loading works in.
[[nodiscard]] inline runtime::HeapPayer payer_of(runtime::Account& account) {
    return {
        .charge = [](void* payer, std::size_t bytes) { return static_cast<runtime::Account*>(payer)->charge(bytes); },
        .credit = [](void* payer, std::size_t bytes) { static_cast<runtime::Account*>(payer)->credit(bytes); },
        .fails = account.lets_fail() ? [](void* payer) { return static_cast<runtime::Account*>(payer)->take_fails(); }
                                     : nullptr,
        .account = &account};
}

}  // namespace tessera::caps
