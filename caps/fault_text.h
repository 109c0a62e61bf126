// What happened to a program, in words.
#pragma once

#include <string>

#include "runtime/fiber.h"

namespace tessera::caps {

class Domain;

// "read of address 0x0 (null pointer) at main (hello.c:12)"
[[nodiscard]] std::string describe_fault(Domain& domain, const runtime::Fault& fault);

}  // namespace tessera::caps
