#include "runtime/ending.h"

#include "core/base/assert.h"
#include "runtime/fiber.h"

namespace tessera::runtime {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

constinit std::atomic<unsigned> ending = 0;

std::int64_t now_ns() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

void begin_end(CallTarget& target) {
    std::int64_t never = 0;
    if (target.ends_since_ns.compare_exchange_strong(never, now_ns())) {
        ending.fetch_add(1);
    }
}

void end_is_over(CallTarget& target) {
    if (target.ends_since_ns.load() != 0) {
        const auto before = ending.fetch_sub(1);
        ASSERT(before != 0);
    }
}

bool entry_must_end(const Fiber& fiber) {
    if (ending.load(kRelaxed) == 0 || fiber.entry == nullptr) [[likely]] {
        return false;
    }
    if (fiber.entry->target != nullptr && is_ending(*fiber.entry->target)) {
        return true;
    }
    const auto long_ago = now_ns() - std::chrono::nanoseconds(kCalleesTime).count();
    for (const auto* entry = fiber.entry->outer; entry != nullptr; entry = entry->outer) {
        const auto since = entry->target == nullptr ? 0 : entry->target->ends_since_ns.load(kRelaxed);
        if (since != 0 && since < long_ago) {
            return true;
        }
    }
    return false;
}

bool is_inside(const CallTarget& target) {
    const auto* fiber = current_fiber();
    const auto* entry = fiber == nullptr ? nullptr : fiber->entry;
    while (entry != nullptr && entry->target != &target) {
        entry = entry->outer;
    }
    return entry != nullptr;
}

}  // namespace tessera::runtime
