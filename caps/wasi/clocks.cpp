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

}  // namespace

U32 clock_res_get(Domain& domain, U32 id, U32 result) {
    if (domain.wasi().clock() == nullptr) {
        return kNotCapable;
    }
    if (id > kThreadTime) {
        return kInvalid;
    }
    const U64 resolution = 1;
    return domain.arena().write(result, &resolution, sizeof resolution) ? kSuccess : kFault;
}

U32 clock_time_get(Domain& domain, U32 id, U64 /*precision*/, U32 result) {
    if (domain.wasi().clock() == nullptr) {
        return kNotCapable;
    }
    const auto time = read_clock(domain.wasi(), id);
    if (!time) {
        return kInvalid;
    }
    return domain.arena().write(result, &*time, sizeof *time) ? kSuccess : kFault;
}

U32 poll_oneoff(Domain& domain, U32 in, U32 out, U32 count, U32 events) {
    if (count == 0 || count > kSubscriptionsMax) {
        return kInvalid;
    }
    auto& state = domain.wasi();
    std::vector<Wait> waits;
    bool ready = false;
    std::int64_t first_due = std::int64_t{1} << 62U;
    for (U32 i = 0; i < count; ++i) {
        Subscription subscription;
        if (!domain.arena().read(in + i * U32{sizeof subscription}, &subscription, sizeof subscription)) {
            return kFault;
        }
        waits.push_back(prepare(state, subscription));
        ready = ready || waits.back().ready;
        if (!waits.back().ready) {
            first_due = std::min(first_due, waits.back().due);
        }
    }
    if (!ready) {
        const auto wait_ns = first_due - state.clock()->monotonic_ns();
        runtime::sleep_until(std::chrono::steady_clock::now() +
                             std::chrono::nanoseconds(std::max<std::int64_t>(wait_ns, 0)));
    }
    U32 happened = 0;
    for (const auto& wait : waits) {
        const bool due =
            wait.subscription.tag == 0 && wait.error == kSuccess && state.clock()->monotonic_ns() >= wait.due;
        if (!wait.ready && !due) {
            continue;
        }
        Event event{};
        event.user_data = wait.subscription.user_data;
        event.error = static_cast<std::uint16_t>(wait.error);
        event.type = wait.subscription.tag;
        event.bytes = wait.subscription.tag == 0 ? 0 : 1;
        if (!domain.arena().write(out + happened * U32{sizeof event}, &event, sizeof event)) {
            return kFault;
        }
        ++happened;
    }
    return domain.arena().write(events, &happened, sizeof happened) ? kSuccess : kFault;
}

}  // namespace tessera::caps::wasi
