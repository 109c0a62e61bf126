// Clocks and waiting.
#include "caps/gate.h"
#include "caps/wasi/calls.h"
#include "caps/wasi/errno.h"
#include "caps/wasi/state.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace tessera::caps::wasi {
namespace {

enum ClockId : U32 { kRealtime = 0, kMonotonic = 1, kProcessTime = 2, kThreadTime = 3 };
constexpr U32 kSubscriptionsMax = 1024;

std::optional<std::int64_t> read_clock(const State& state, U32 id) {
    switch (id) {
    case kRealtime:
        return state.clock()->wall_ns();
    case kMonotonic:
        return state.clock()->monotonic_ns();
    case kProcessTime:
    case kThreadTime:
        return state.clock()->monotonic_ns() - state.start_ns();
    default:
        return std::nullopt;
    }
}

// When a clock subscription is due, on the monotonic clock.
std::int64_t due_ns(const State& state, const Subscription& subscription) {
    constexpr std::int64_t kFar = std::int64_t{1} << 62U;
    const auto timeout = static_cast<std::int64_t>(std::min<U64>(subscription.timeout_ns, kFar));
    const auto monotonic = state.clock()->monotonic_ns();
    if ((subscription.flags & 1U) == 0) {
        return timeout > kFar - monotonic ? kFar : monotonic + timeout;
    }
    if (subscription.id == kRealtime) {
        return monotonic + (timeout - state.clock()->wall_ns());
    }
    return timeout;
}

struct Wait {
    Subscription subscription;
    std::int64_t due = 0;
    Errno error = kSuccess;
    bool ready = false;
};

Wait prepare(State& state, const Subscription& subscription) {
    Wait wait{.subscription = subscription};
    if (subscription.tag == 0) {
        if (state.clock() == nullptr) {
            wait.error = kNotCapable;
        } else if (subscription.id > kThreadTime) {
            wait.error = kInvalid;
        } else {
            wait.due = due_ns(state, subscription);
        }
    } else if (subscription.tag > 2 || !state.get(subscription.id)) {
        wait.error = kBadFile;
    } else {
        wait.ready = true;  // files never block; a console is asked when it is read
    }
    wait.ready = wait.ready || wait.error != kSuccess;
    return wait;
}

// All of the subscriptions, each copied once: what follows looks at the copies alone.
Errno decode(Domain& domain, Place<Subscription> in, UserCount count, std::vector<Wait>& waits) {
    if (count.value == 0 || count.value > kSubscriptionsMax) {
        return kInvalid;
    }
    for (U32 i = 0; i < count.value; ++i) {
        Subscription subscription;
        if (!in.element(i).get(domain.arena(), subscription)) {
            return kFault;
        }
        waits.push_back(prepare(domain.wasi(), subscription));
    }
    return kSuccess;
}

// Sleeps until the first is due, if none has happened.
void wait_for_first(const State& state, const std::vector<Wait>& waits) {
    std::int64_t first_due = std::int64_t{1} << 62U;
    for (const auto& wait : waits) {
        if (wait.ready) {
            return;
        }
        first_due = std::min(first_due, wait.due);
    }
    const auto wait_ns = first_due - state.clock()->monotonic_ns();
    runtime::sleep_until(std::chrono::steady_clock::now() +
                         std::chrono::nanoseconds(std::max<std::int64_t>(wait_ns, 0)));
}

// An event for each that has happened, and how many they are.
Errno tell(Domain& domain, const std::vector<Wait>& waits, Place<Event> out, Place<U32> events) {
    U32 happened = 0;
    for (const auto& wait : waits) {
        const bool due =
            wait.subscription.tag == 0 && wait.error == kSuccess && domain.wasi().clock()->monotonic_ns() >= wait.due;
        if (!wait.ready && !due) {
            continue;
        }
        Event event{};
        event.user_data = wait.subscription.user_data;
        event.error = static_cast<std::uint16_t>(wait.error);
        event.type = wait.subscription.tag;
        event.bytes = wait.subscription.tag == 0 ? 0 : 1;
        if (!out.element(happened).put(domain.arena(), event)) {
            return kFault;
        }
        ++happened;
    }
    return events.put(domain.arena(), happened) ? kSuccess : kFault;
}

}  // namespace

U32 clock_res_get(Domain& domain, U32 id, Place<U64> result) {
    if (domain.wasi().clock() == nullptr) {
        return kNotCapable;
    }
    if (id > kThreadTime) {
        return kInvalid;
    }
    return result.put(domain.arena(), 1) ? kSuccess : kFault;
}

U32 clock_time_get(Domain& domain, U32 id, U64 /*precision*/, Place<std::int64_t> result) {
    if (domain.wasi().clock() == nullptr) {
        return kNotCapable;
    }
    const auto time = read_clock(domain.wasi(), id);
    if (!time) {
        return kInvalid;
    }
    return result.put(domain.arena(), *time) ? kSuccess : kFault;
}

U32 poll_oneoff(Domain& domain, Place<Subscription> in, Place<Event> out, UserCount count, Place<U32> events) {
    std::vector<Wait> waits;
    if (const auto error = decode(domain, in, count, waits); error != kSuccess) {
        return error;
    }
    wait_for_first(domain.wasi(), waits);
    return tell(domain, waits, out, events);
}

}  // namespace tessera::caps::wasi
