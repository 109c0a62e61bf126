#include "core/base/held_locks.h"

#include "core/base/assert.h"

namespace tessera {
namespace {

constinit thread_local std::uint64_t held = 0;

std::uint64_t bit(LockRank rank) { return std::uint64_t{1} << static_cast<unsigned>(rank); }

}  // namespace

// Out of line, all of them: a fiber may go on with another thread, and the compiler must not keep the address of the
// old one's `held`.
[[gnu::noinline]] void lock_is_wanted(LockRank rank) {
    REQUIRES(held < bit(rank));  // no lock of this rank or a later one
}

[[gnu::noinline]] void lock_is_taken(LockRank rank) { held |= bit(rank); }

[[gnu::noinline]] void lock_is_released(LockRank rank) {
    REQUIRES((held & bit(rank)) != 0);
    held &= ~bit(rank);
}

[[gnu::noinline]] std::uint64_t held_locks() { return held; }

}  // namespace tessera
