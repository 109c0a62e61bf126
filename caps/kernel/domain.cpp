// Domain: an instance of a loaded program, from its start to its end.
#include "caps/kernel/loading.h"
#include "caps/schema/domain.kernel.h"

#include <chrono>
#include <limits>

namespace tessera::caps {
namespace {

using schema::State;
using Time = std::chrono::steady_clock::time_point;

constexpr std::chrono::microseconds kFirstPoll{20};
constexpr std::chrono::microseconds kLongestPoll{1000};

Status state(WordCall& /*call*/, Instance& instance, State& result, std::int32_t& status) {
    result = instance.state();
    status = instance.status();
    return Status::Ok;
}

Status wait(WordCall& call, Instance& instance, std::uint64_t deadline, State& result, std::int32_t& status) {
    constexpr auto kLatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const auto last = Time(std::chrono::nanoseconds(std::min(deadline, kLatest)));
    for (auto poll = kFirstPoll; instance.state() == State::Running; poll = std::min(poll * 2, kLongestPoll)) {
        if (std::chrono::steady_clock::now() >= last) {
            return Status::TimedOut;
        }
        if (runtime::is_to_stop(*runtime::current_fiber())) {
            return Status::Cancelled;  // which nobody sees
        }
        runtime::give_way(poll);
    }
    return state(call, instance, result, status);
}

// From inside of it, it ends when that call returns.
Status end(WordCall& /*call*/, Instance& instance) {
    (void)instance.end();
    return Status::Ok;
}

Status account(WordCall& call, Instance& instance, Capability& result) {
    result = give_account(call, instance);
    return result == nullptr ? Status::Exhausted : Status::Ok;
}

Status fault(WordCall& /*call*/, Instance& instance, WriteSlice into, std::uint64_t& length) {
    return give_bytes(std::as_bytes(std::span(instance.fault())), into, length);
}

Status object(WordCall& call, Instance& instance, std::uint64_t interface, Capability& result) {
    ObjectHeader* made = nullptr;
    if (const auto status = instance.object(interface, made); status != Status::Ok) {
        return status;
    }
    result = call.caller.slots().add(*made, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    const bool ended = result == nullptr && made->identity.load() == 0;
    drop_held(made);
    return result != nullptr ? Status::Ok : ended ? Status::Ended : Status::Exhausted;
}

// SAFETY: what give_new was given.
void released(std::uint64_t state) {
    const Use<Instance> instance(reinterpret_cast<Instance*>(state));
    instance->close();
}

}  // namespace

const KernelTable& domain_table() {
    static constexpr auto kMethods =
        kernel_methods<schema::Domain, wait, end, state, account, nullptr, fault, object>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Domain::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces, released);
    return table;
}

}  // namespace tessera::caps
