// Pages of a reservation that the kernel takes for a program: charged to its account, and promised by the platform, so
// that touching them can't fail.
#pragma once

#include "runtime/account.h"

#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

// Without an account they are the kernel's own. From any context, trap handlers too. False: nothing has changed.
[[nodiscard]] bool commit(Account* account, std::uintptr_t from, std::size_t bytes);
void decommit(Account* account, std::uintptr_t from, std::size_t bytes);

}  // namespace tessera::runtime
