// What happened to a program, in words.
#pragma once

#include "runtime/fiber.h"

#include <string>

namespace tessera::caps {

class Domain;

// "read of address 0x0 (null pointer) at first (hello.c:12)
//   inlined into second (hello.c:20)
//   called from main (hello.c:31)"
[[nodiscard]] std::string describe_fault(Domain& domain, const runtime::Fault& fault);

}  // namespace tessera::caps
