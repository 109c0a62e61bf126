// Whether a rule holds at a place of the reader or the checker: always, everywhere. test/mutation builds both with
// another version of this header, in which one rule or one place gives way, and asks which tests notice.
#pragma once

#include "safeir/diag/rule.h"

namespace tessera::safeir {

struct Site {  // where a refusal is: of interest to the other version alone
    static consteval Site current() { return {}; }
};

constexpr bool is_enforced(Rule /*rule*/, Site /*site*/) { return true; }

}  // namespace tessera::safeir
