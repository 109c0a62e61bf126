// What happened to a program, in words.
#pragma once

#include "runtime/fiber.h"

#include <string>

namespace tessera::caps {

class Domain;

// "read of address 0x0 (null pointer) at main (hello.c:12)"
[[nodiscard]] std::string describe_fault(Domain& domain, const runtime::Fault& fault);

}  // namespace tessera::caps
