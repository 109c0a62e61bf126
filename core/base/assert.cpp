// Where no platform says how to stop: host tools.
#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace tessera {

[[gnu::weak]] void assertion_failed(const char* what, const char* file, unsigned line) noexcept {
    std::fprintf(stderr, "tessera: fault of Tessera itself: %s does not hold (%s:%u)\n", what, file, line);
    std::abort();
}

}  // namespace tessera
