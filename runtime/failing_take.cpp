#include "runtime/failing_take.h"

namespace tessera::runtime {

namespace detail {

constinit std::atomic<const void*> failing_account = nullptr;

}  // namespace detail

namespace {

constinit std::atomic<std::uint64_t> failing_number = 0;
constinit std::atomic<std::uint64_t> taken = 0;

}  // namespace

bool detail::count_take() {
    return taken.fetch_add(1, std::memory_order_relaxed) == failing_number.load(std::memory_order_relaxed);
}

void fail_take(const void* account, std::uint64_t number) {
    taken = 0;
    failing_number = number;
    detail::failing_account = account;
}

std::uint64_t end_failing_take() {
    detail::failing_account = nullptr;
    return taken;
}

}  // namespace tessera::runtime
