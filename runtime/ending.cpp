#include "runtime/ending.h"

#include "core/base/assert.h"
#include "runtime/fiber.h"
#include "runtime/wait.h"

#include <algorithm>

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
    // Who begins to wait from here on sees it for himself (begin_wait): he counts himself first, and then looks.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (target.waits.load() != 0) {
        look_at_waits();
    }
}

void end_is_over(CallTarget& target) {
    if (target.ends_since_ns.load() != 0) {
        const auto before = ending.fetch_sub(1);
        ASSERT(before != 0);
    }
}

std::optional<FaultKind> why_entry_ends(const Fiber& fiber) {
    if (fiber.entry == nullptr) {
        return std::nullopt;
    }
    const bool any_ends = ending.load(kRelaxed) != 0;
    if (any_ends && fiber.entry->target != nullptr && is_ending(*fiber.entry->target)) {
        return FaultKind::Ended;
    }
    std::optional<std::int64_t> now;
    for (const auto* entry = fiber.entry->outer; entry != nullptr; entry = entry->outer) {
        const auto since = any_ends && entry->target != nullptr ? entry->target->ends_since_ns.load(kRelaxed) : 0;
        if (since == 0 && entry->calls_until_ns == 0) {
            continue;
        }
        now = now.value_or(now_ns());
        if (since != 0 && since < *now - std::chrono::nanoseconds(kCalleesTime).count()) {
            return FaultKind::Ended;
        }
        if (entry->calls_until_ns != 0 && entry->calls_until_ns < *now) {
            return FaultKind::Late;
        }
    }
    return std::nullopt;
}

std::int64_t entry_ends_at(const Fiber& fiber) {
    auto when = kNever;
    const bool any_ends = ending.load(kRelaxed) != 0;
    for (const auto* entry = fiber.entry == nullptr ? nullptr : fiber.entry->outer; entry != nullptr;
         entry = entry->outer) {
        const auto since = any_ends && entry->target != nullptr ? entry->target->ends_since_ns.load(kRelaxed) : 0;
        if (since != 0) {
            when = std::min(when, since + std::chrono::nanoseconds(kCalleesTime).count() + 1);
        }
        if (entry->calls_until_ns != 0) {
            when = std::min(when, entry->calls_until_ns == kNever ? kNever : entry->calls_until_ns + 1);
        }
    }
    return when;
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
