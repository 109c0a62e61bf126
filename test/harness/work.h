// What code costs, the same on every machine but for tables that go by addresses: bytes of memory that are in use at
// once, and steps, which are blocks of code entered in sources that are built with -fsanitize-coverage=bb,trace-pc.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera::harness {

struct Cost {
    std::size_t bytes = 0;
    std::uint64_t steps = 0;
};

// Of what has run since this was made, and of all threads.
class Meter {
  public:
    Meter();
    [[nodiscard]] Cost cost() const;

  private:
    std::size_t bytes_;
    std::uint64_t steps_;
};

}  // namespace tessera::harness
