// The mutable version of safeir/diag/enforcement.h: one rule or one place may be told to give way.
#pragma once

#include "safeir/diag/rule.h"

#include <source_location>

namespace tessera::safeir {

using Site = std::source_location;

// test/mutation/mutation.cpp
[[nodiscard]] bool is_enforced(Rule rule, const Site& site);

}  // namespace tessera::safeir
