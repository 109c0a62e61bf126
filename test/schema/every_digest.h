// All that a message of every.capnp says, as text, by stock Cap'n Proto's readers and by ours; and random messages,
// built by both.
#pragma once

#include "caps/schemac/stock.h"
#include "every.capnp.h"
#include "every.tessera.hpp"

#include <capnp/message.h>
#include <random>
#include <string>

namespace tessera::test {

[[nodiscard]] std::string digest(stock::Every::Reader every, unsigned depth = 0);
[[nodiscard]] std::string digest(every::Every::Reader every, unsigned depth = 0);

// The same seed gives both the same message.
using Random = std::mt19937;
void fill(stock::Every::Builder to, Random& random, unsigned depth = 0);
void fill(every::Every::Builder to, Random& random, unsigned depth = 0);

}  // namespace tessera::test
