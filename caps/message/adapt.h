// Calls between an older and a newer version of an interface: who was built later has parameters and results behind the
// other's.
#pragma once

#include "caps/call/by_words.h"

namespace tessera::caps {

// A call of a typed method that has another signature than the caller was built with. What the caller does not give is
// what its description says it is by default, in the callee's version; what the callee does not give, in the caller's;
// what only one of them knows is dropped. WrongSignature: one has no description, or neither is the other with more
// behind.
Status call_other_version(WordCall& call);

}  // namespace tessera::caps
