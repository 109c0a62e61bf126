// Who used what: `tessera run --accounts`.
#pragma once

#include "runtime/account.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::system {

struct NamedAccount {
    std::string_view name;
    std::unique_ptr<runtime::Account> account;
};

// A table with a line for each: what it has now and the most that it had, with all accounts in it.
[[nodiscard]] std::string accounts_report(const std::vector<NamedAccount>& accounts);

}  // namespace tessera::system
