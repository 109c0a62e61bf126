#include "runtime/failing_take.h"

#include <atomic>

namespace tessera::runtime {
namespace {

constinit std::atomic<bool> counting = false;
constinit std::atomic<std::uint64_t> failing_number = 0;
constinit std::atomic<std::uint64_t> taken = 0;

}  // namespace

bool take_fails() {
    return counting.load(std::memory_order_relaxed) &&
           taken.fetch_add(1, std::memory_order_relaxed) == failing_number.load(std::memory_order_relaxed);
}

void fail_take(std::uint64_t number) {
    taken = 0;
    failing_number = number;
    counting = true;
}

std::uint64_t end_failing_take() {
    counting = false;
    return taken;
}

}  // namespace tessera::runtime
